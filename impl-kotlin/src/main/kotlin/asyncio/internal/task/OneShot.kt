package asyncio.internal.task

/** What runs once, when it is awaited; nobody should forget that. */
public interface OneShot {
    /** Whether it was neither awaited yet, nor given up. */
    public val isCreated: Boolean
}
