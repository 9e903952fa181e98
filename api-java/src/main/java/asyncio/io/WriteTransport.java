package asyncio.io;

/**
 * A transport that sends bytes. Python: {@code asyncio.WriteTransport}.
 *
 * <p>Writing never waits: what the other side does not take yet is kept in a buffer. The protocol is told when there is
 * too much in it ({@link BaseProtocol#pauseWriting}), and when there is room again.
 */
public interface WriteTransport extends BaseTransport {

    /**
     * Sends {@code data}, a copy of which is kept until then. After the connection was lost it does nothing. Python:
     * {@code write}.
     *
     * @throws IllegalStateException after {@link #writeEof()}
     */
    void write(byte[] data);

    /**
     * Sends {@code length} bytes of {@code data} from {@code offset} on; see {@link #write(byte[])}.
     *
     * @throws IndexOutOfBoundsException if there are fewer
     */
    void write(byte[] data, int offset, int length);

    /** Sends all of them, one after the other. Python: {@code writelines}. */
    default void writelines(Iterable<byte[]> data) {
        for (var part : data) {
            write(part);
        }
    }

    /**
     * Tells the other side, after what was written, that no more will come; receiving goes on. Python:
     * {@code write_eof}.
     *
     * @throws UnsupportedOperationException if {@link #canWriteEof()} says no
     */
    void writeEof();

    /** Whether it can end one direction only; TLS cannot. Python: {@code can_write_eof}. */
    boolean canWriteEof();

    /** Closes at once; what waits in the buffer is lost. Python: {@code abort}. */
    void abort();

    /**
     * How many bytes wait in the buffer, because the system did not take them at once. Python:
     * {@code get_write_buffer_size}.
     */
    int getWriteBufferSize();

    /**
     * Sets with how many bytes in its buffer the protocol is told to pause writing (more than {@code high}) and to
     * resume it ({@code low} or fewer). At first they are 64 KiB and 16 KiB. Python: {@code set_write_buffer_limits}.
     *
     * @throws IllegalArgumentException unless {@code high >= low >= 0}
     */
    void setWriteBufferLimits(int high, int low);

    /** {@link #setWriteBufferLimits(int, int)} with a quarter of {@code high} as {@code low}. */
    default void setWriteBufferLimits(int high) {
        setWriteBufferLimits(high, Math.floorDiv(high, 4));
    }

    /** The lower and the upper limit of the buffer. Python: {@code get_write_buffer_limits}. */
    WriteBufferLimits getWriteBufferLimits();
}
