package asyncio.vertx;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the library logs meanwhile. */
final class Logged extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger("asyncio");
    private final BlockingQueue<String> fresh = new LinkedBlockingQueue<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    Logged() {
        logger.addHandler(this);
    }

    /** Waits for the message that has this in it; tens of seconds at most, and that long only where the test fails. */
    String await(String part) throws InterruptedException {
        while (true) {
            var line = fresh.poll(30, TimeUnit.SECONDS);
            if (line == null) throw new AssertionError("no \"" + part + "\" in " + lines);
            if (line.contains(part)) return line;
        }
    }

    long count(String part) {
        return lines.stream().filter(line -> line.contains(part)).count();
    }

    @Override
    public void publish(LogRecord record) {
        lines.add(record.getMessage());
        fresh.add(record.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
