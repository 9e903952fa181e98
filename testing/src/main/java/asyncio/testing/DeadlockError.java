package asyncio.testing;

/**
 * A program in virtual time cannot go on: nothing is ready, no timer is set, no thread works for the loop, and the main
 * coroutine is not done. The message lists the tasks, what each waits for, and where.
 */
public final class DeadlockError extends AssertionError {
    private static final long serialVersionUID = 1L;

    /**
     * An error with this report.
     *
     * @param report what is said of the tasks
     */
    public DeadlockError(String report) {
        super(report);
    }
}
