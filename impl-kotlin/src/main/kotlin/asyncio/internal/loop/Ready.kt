package asyncio.internal.loop

/** What waits in the ready queue: a callback, or a task whose next step is due. */
public interface Ready {
    /** Takes the one turn that was asked for. Throws only what is fatal to the loop. */
    public fun turn()
}
