package asyncio.internal.loop

import asyncio.KeyboardInterrupt

/** What leaves the loop at once instead of being some task's or callback's own failure. */
public fun isFatal(error: Throwable): Boolean = error is KeyboardInterrupt || error is InternalError
