package asyncio.io;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a socket for datagrams is opened. Immutable: the methods give other options. Python: the keyword arguments of
 * {@code create_datagram_endpoint}.
 */
public final class DatagramOptions {
    /** The defaults. */
    public static final DatagramOptions NONE = new DatagramOptions(new Values());

    private final Values values;

    private DatagramOptions(Values values) {
        this.values = values;
    }

    /** The same, but it may send to broadcast addresses. Python: {@code allow_broadcast}. */
    public DatagramOptions withAllowBroadcast(boolean allowBroadcast) {
        var changed = values.copy();
        changed.allowBroadcast = allowBroadcast;
        return new DatagramOptions(changed);
    }

    /** The same with a port that several sockets may share, or not. Python: {@code reuse_port}. */
    public DatagramOptions withReusePort(boolean reusePort) {
        var changed = values.copy();
        changed.reusePort = reusePort;
        return new DatagramOptions(changed);
    }

    /** The same with so many datagrams kept by a {@link DatagramStream}; 1024 at first. */
    public DatagramOptions withReceiveQueue(int datagrams) {
        var changed = values.copy();
        changed.receiveQueue = Checks.positive("receiveQueue", datagrams);
        return new DatagramOptions(changed);
    }

    /** The same with datagrams of so many bytes; of longer ones the rest is lost. 65,536 at first, which is all. */
    public DatagramOptions withMaxSize(int bytes) {
        var changed = values.copy();
        changed.maxSize = Checks.positive("maxSize", bytes);
        return new DatagramOptions(changed);
    }

    /** {@link #withAllowBroadcast}. */
    public boolean allowBroadcast() {
        return values.allowBroadcast;
    }

    /** {@link #withReusePort}. */
    public boolean reusePort() {
        return values.reusePort;
    }

    /** {@link #withReceiveQueue}. */
    public int receiveQueue() {
        return values.receiveQueue;
    }

    /** {@link #withMaxSize}. */
    public int maxSize() {
        return values.maxSize;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DatagramOptions that && values.all().equals(that.values.all());
    }

    @Override
    public int hashCode() {
        return values.all().hashCode();
    }

    @Override
    public String toString() {
        return "DatagramOptions" + values.all();
    }

    private static final class Values {
        boolean allowBroadcast = false;
        boolean reusePort = false;
        int receiveQueue = 1024;
        int maxSize = 65_536;

        Values copy() {
            var copy = new Values();
            copy.allowBroadcast = allowBroadcast;
            copy.reusePort = reusePort;
            copy.receiveQueue = receiveQueue;
            copy.maxSize = maxSize;
            return copy;
        }

        /** By their names. */
        Map<String, @Nullable Object> all() {
            var all = new LinkedHashMap<String, @Nullable Object>();
            all.put("allowBroadcast", allowBroadcast);
            all.put("reusePort", reusePort);
            all.put("receiveQueue", receiveQueue);
            all.put("maxSize", maxSize);
            return all;
        }
    }
}
