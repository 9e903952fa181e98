package asyncio.internal.loop

import asyncio.EventLoop

/**
 * What a host keeps in threads for the code that runs there, such as the current context of Vert.x. It is part of the context of a
 * task or callback. A loop whose host has none does nothing of this.
 */
public interface HostContext {
    /** What the calling thread has, if a copy of the context of the calling code is to keep it; null otherwise. From any thread. */
    public fun capture(): Any?

    /** Gives the calling thread what was [captured], or the host's own if that is null. Gives what the thread had, for [leave]. */
    public fun enter(captured: Any?): Any?

    /** Gives the calling thread back what it had [before]. */
    public fun leave(before: Any?)

    /** The state of the context variables of code that the host calls between two iterations. On the host's thread. */
    public var variables: Any?

    /** The loop of the host that calls the calling code, whichever host of this kind that is; null if there is none. */
    public fun loopHere(): EventLoop?
}
