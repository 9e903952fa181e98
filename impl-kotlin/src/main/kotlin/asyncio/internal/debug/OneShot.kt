package asyncio.internal.debug

/** What runs once, when it is awaited, and is reported if it never is. */
public interface OneShot {
    /** Whether it was neither awaited yet, nor given up. */
    public val isCreated: Boolean

    /** Code awaits it or runs it: if that is refused, the code is told so, and no report has to come as well. */
    public fun noticed()
}
