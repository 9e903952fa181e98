package asyncio.semantics;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the library logs meanwhile. */
final class Logged extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger("asyncio");
    private final boolean usedParents = logger.getUseParentHandlers();

    /** As it comes. */
    final List<String> lines = new CopyOnWriteArrayList<>();

    Logged() {
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
    }

    /** The messages that have this in them. */
    List<String> with(String part) {
        return lines.stream().filter(line -> line.contains(part)).toList();
    }

    /** Blocks the calling thread until so many have this in them. */
    void await(String part, int number) {
        synchronized (this) {
            while (with(part).size() < number) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    @Override
    public void publish(LogRecord record) {
        // Which test runs the first Java body of the JVM is chance.
        if (record.getMessage().startsWith("asyncio4j runs Java bodies")) {
            return;
        }
        synchronized (this) {
            lines.add(record.getLevel() + " " + record.getMessage());
            notifyAll();
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(usedParents);
    }
}
