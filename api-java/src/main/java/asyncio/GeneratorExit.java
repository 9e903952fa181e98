package asyncio;

/**
 * Raised at the await of a coroutine that is given up by {@link Coroutine#close()}. Let it pass: it is there so that
 * {@code finally} blocks run. Python: {@code GeneratorExit}.
 */
public class GeneratorExit extends Error {
    private static final long serialVersionUID = 1L;

    /** Makes one. */
    public GeneratorExit() {
        super("The coroutine was closed");
    }
}
