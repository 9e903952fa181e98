package asyncio.io;

/**
 * When a transport tells its protocol to pause and to resume writing. Python: the tuple that
 * {@code get_write_buffer_limits} gives.
 *
 * @param low with so many bytes or fewer in the buffer writing goes on
 * @param high with more bytes in the buffer writing pauses
 */
public record WriteBufferLimits(int low, int high) {}
