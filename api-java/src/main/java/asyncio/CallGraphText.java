package asyncio;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Writes a {@link FutureCallGraph} for people. What was shown above is not shown again. */
final class CallGraphText {
    /** So deep nobody reads, and every level is further to the right. */
    private static final int DEEPEST = 100;

    private final StringBuilder text = new StringBuilder();
    private final Set<FutureCallGraph> shown = Collections.newSetFromMap(new IdentityHashMap<>());

    static String of(FutureCallGraph graph) {
        var writer = new CallGraphText();
        writer.write(graph, "", 0);
        return writer.text.toString().stripTrailing();
    }

    private void write(FutureCallGraph graph, String indent, int depth) {
        text.append(indent).append("* ").append(nameOf(graph.future()));
        boolean isNew = shown.add(graph);
        boolean isEmpty = graph.callStack().isEmpty() && graph.awaitedBy().isEmpty();
        if (!isNew && !isEmpty) {
            text.append(" (see above)\n");
            return;
        }
        text.append('\n');
        if (!graph.callStack().isEmpty()) {
            text.append(indent).append("  + Call stack:\n");
            for (var entry : graph.callStack()) {
                text.append(indent).append("  |   at ").append(entry.frame()).append('\n');
            }
        }
        if (graph.awaitedBy().isEmpty()) {
            return;
        }
        text.append(indent).append("  + Awaited by:\n");
        if (depth == DEEPEST) {
            text.append(indent).append("     …\n");
            return;
        }
        for (var awaiter : graph.awaitedBy()) {
            write(awaiter, indent + "     ", depth + 1);
        }
    }

    private static String nameOf(Future<?> future) {
        return future instanceof Task<?> task ? "Task(name='" + task.getName() + "')" : future.toString();
    }
}
