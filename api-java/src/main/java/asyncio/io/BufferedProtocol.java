package asyncio.io;

import java.nio.ByteBuffer;

/** A protocol that has its own memory for what comes. Python: {@code asyncio.BufferedProtocol}. */
public interface BufferedProtocol extends BaseProtocol<Transport> {

    /**
     * Where to put what has come. Python: {@code get_buffer}.
     *
     * @param sizehint how many bytes there are; -1 if that is not known
     * @return a buffer with at least one byte left
     */
    ByteBuffer getBuffer(int sizehint) throws Exception;

    /**
     * The buffer was filled from its position on. Python: {@code buffer_updated}.
     *
     * @param nbytes with so many bytes
     */
    void bufferUpdated(int nbytes) throws Exception;

    /** {@link Protocol#eofReceived}. */
    default boolean eofReceived() throws Exception {
        return false;
    }
}
