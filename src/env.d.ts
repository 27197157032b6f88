declare namespace Cloudflare {
  interface GlobalProps {
    mainModule: typeof import("./index.ts");
  }

  /** Bindings of wrangler.toml. Settings are read through `parseConfig`, never from here. */
  interface Env {
    ASSETS: Fetcher;
    CACHE: KVNamespace;
    /** Absent where DATABASE_DRIVER is neon. */
    HYPERDRIVE?: Hyperdrive;
    /** Rate limit of refused keys per client network. */
    REFUSED_KEYS: RateLimit;
    /** Where backups are kept. Absent where the account has no R2: then none are made. */
    BACKUPS?: R2Bucket;
    CHATS: DurableObjectNamespace<import("./chats/chat.object.ts").ChatObject>;
    ACCESS: DurableObjectNamespace<import("./access/access.object.ts").AccessObject>;
    CLOCK: DurableObjectNamespace<import("./coordinator/coordinator.object.ts").CoordinatorObject>;
    JOBS: DurableObjectNamespace<import("./objects.ts").JobObject>;
    IDEMPOTENCY_KEYS: DurableObjectNamespace<
      import("./chats/idempotency-key.object.ts").IdempotencyKeyObject
    >;
  }
}

interface Env extends Cloudflare.Env {}
