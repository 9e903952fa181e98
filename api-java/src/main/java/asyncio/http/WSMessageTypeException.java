package asyncio.http;

/**
 * A WebSocket message is of another type than the program expects. Python: {@code aiohttp.WSMessageTypeError}, a
 * {@code TypeError} there; here one of the things that can go wrong because of the server.
 */
public class WSMessageTypeException extends ClientException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message.
     *
     * @param message what was received, and what was expected
     */
    public WSMessageTypeException(String message) {
        super(message);
    }
}
