package asyncio.io;

/**
 * Serves one connection of a server, as a task of its own. Python: {@code client_connected_cb} of {@code start_server}.
 */
@FunctionalInterface
public interface ClientConnectedCallback {

    /**
     * The body of the task. What it raises is reported to the loop, with the address of the client; the connection is
     * closed then, and if the task is cancelled. If it returns, the connection stays as it is.
     */
    void clientConnected(StreamReader reader, StreamWriter writer) throws Exception;
}
