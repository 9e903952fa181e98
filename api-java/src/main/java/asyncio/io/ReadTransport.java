package asyncio.io;

/** A transport that receives bytes. Python: {@code asyncio.ReadTransport}. */
public interface ReadTransport extends BaseTransport {

    /** Whether it receives: it is open, and not paused. Python: {@code is_reading}. */
    boolean isReading();

    /**
     * Receives no more until {@link #resumeReading()}; nothing if it is paused already. Python: {@code pause_reading}.
     */
    void pauseReading();

    /** Receives again; nothing if it is not paused. Python: {@code resume_reading}. */
    void resumeReading();
}
