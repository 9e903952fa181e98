package asyncio;

/** A {@link Barrier} was aborted or reset, and the others will not come. Python: {@code BrokenBarrierError}. */
public class BrokenBarrierException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param message what to do instead
     */
    public BrokenBarrierException(String message) {
        super(message);
    }
}
