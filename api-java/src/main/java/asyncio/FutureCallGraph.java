package asyncio;

import java.util.List;

/**
 * Where a task stands, and who waits for it. Python: {@code asyncio.FutureCallGraph}.
 *
 * <p>Two tasks may be awaited by the same third one; its graph is then the same object in both places. Where tasks wait
 * in a circle, the one that would come again has no stack and no awaiters.
 *
 * @param future the task, or another future
 * @param callStack the frames of its code, innermost first; none for a future that is no task
 * @param awaitedBy who waits for it
 */
public record FutureCallGraph(Future<?> future, List<FrameCallGraphEntry> callStack, List<FutureCallGraph> awaitedBy) {
    /** Copies. */
    public FutureCallGraph {
        callStack = List.copyOf(callStack);
        awaitedBy = List.copyOf(awaitedBy);
    }
}
