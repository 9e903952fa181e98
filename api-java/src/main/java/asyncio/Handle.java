package asyncio;

/** A callback that is scheduled, and can be called off. Python: {@code asyncio.Handle}. */
public interface Handle {
    /** Calls it off. Does nothing if it ran already. */
    void cancel();

    /** Whether {@link #cancel()} was called. */
    boolean cancelled();

    /** The context that the callback runs in. Python: {@code get_context}. */
    Context getContext();
}
