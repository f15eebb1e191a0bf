/** The folder of a package out of the registry. @throws Error when the registry cannot be reached or the hash is another one */
export function packageFolder(name: string, version: string): string;
