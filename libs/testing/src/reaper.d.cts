export function reap(folder: string): Promise<void>;
export function runs(pid: number): boolean;
