declare module 'pouchdb-core' {
  interface Database {
    bulkDocs(docs: readonly object[]): Promise<unknown>;
    destroy(): Promise<void>;
  }
  interface Pouch {
    new (name: string, options: { adapter: string }): Database;
    plugin(plugin: unknown): Pouch;
    replicate(from: Database, to: Database, options: { batch_size: number }): Promise<{ docs_written: number }>;
  }
  const PouchDB: Pouch;
  export default PouchDB;
}
declare module 'pouchdb-adapter-memory' {
  const plugin: unknown;
  export default plugin;
}
declare module 'pouchdb-replication' {
  const plugin: unknown;
  export default plugin;
}
