package asyncio;

/**
 * One frame of a {@link FutureCallGraph}. Python: {@code asyncio.FrameCallGraphEntry}.
 *
 * @param frame where the code stands
 */
public record FrameCallGraphEntry(StackTraceElement frame) {}
