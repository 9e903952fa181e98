package asyncio.http;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One event of an {@link EventStream}. */
public final class ServerSentEvent {
    private final String event;
    private final String data;
    private final String id;

    private ServerSentEvent(String event, String data, String id) {
        this.event = Objects.requireNonNull(event, "event");
        this.data = Objects.requireNonNull(data, "data");
        this.id = Objects.requireNonNull(id, "id");
    }

    /**
     * One event. Streams make them; this is for tests that compare with one.
     *
     * @param event its type
     * @param data what it brings
     * @param id the last id that the server had set; empty if it had set none
     * @throws NullPointerException if one of them is null
     */
    public static ServerSentEvent of(String event, String data, String id) {
        return new ServerSentEvent(event, data, id);
    }

    /** Its type; {@code message} unless the server says something else. */
    public String event() {
        return event;
    }

    /** What it brings; its lines are separated by {@code \n}. */
    public String data() {
        return data;
    }

    /**
     * The last id that the server had set when it came, which need not be with this event; empty if it had set none.
     */
    public String id() {
        return id;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ServerSentEvent that
                && event.equals(that.event)
                && data.equals(that.data)
                && id.equals(that.id);
    }

    @Override
    public int hashCode() {
        return Objects.hash(event, data, id);
    }

    @Override
    public String toString() {
        return "ServerSentEvent[event=" + event + ", data=" + data + ", id=" + id + "]";
    }
}
