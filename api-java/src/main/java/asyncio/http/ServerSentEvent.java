package asyncio.http;

import java.util.Objects;

/**
 * One event of an {@link EventStream}.
 *
 * @param event its type; {@code message} unless the server says something else
 * @param data what it brings; its lines are separated by {@code \n}
 * @param id the last id that the server had set when it came, which need not be with this event; empty if it had set
 *     none
 */
public record ServerSentEvent(String event, String data, String id) {

    /**
     * One event.
     *
     * @throws NullPointerException if one of them is null
     */
    public ServerSentEvent {
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(id, "id");
    }
}
