package asyncio.testing;

/** The time in which a test runs. */
public enum Time {
    /**
     * The clock stands while anything is ready, and then jumps to the next timer: a test that sleeps for an hour takes
     * no time, and takes the same course each time.
     */
    VIRTUAL,

    /**
     * The clock moves only when the test says so. The test method is no coroutine: it takes the {@link TestLoop} as a
     * parameter and calls {@link TestLoop#runUntilBlocked} and {@link TestLoop#advance}.
     */
    MANUAL,

    /** The clock on the wall, on the kind of loop that a program has; what HTTP and other real I/O need. */
    REAL
}
