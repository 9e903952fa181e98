package asyncio.http;

/** Is told how much of a request's body has been handed to the connection. Python: {@code response.output_size}. */
@FunctionalInterface
public interface UploadProgress {

    /**
     * Called in the loop, once for each portion and at the end; what it throws ends the request.
     *
     * @param sentBytes so far, before any compression
     * @param totalBytes of the whole body; -1 where that is not known
     */
    void progress(long sentBytes, long totalBytes);
}
