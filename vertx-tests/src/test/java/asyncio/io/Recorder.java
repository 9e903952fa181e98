package asyncio.io;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A protocol that notes what it hears. */
class Recorder implements Protocol {
    final String name;
    final List<String> log;
    boolean keepsOpen;
    /** The method that raises. */
    @Nullable
    String fails;

    Transport transport;
    boolean lost;

    @Nullable
    Throwable error;

    long received;
    /** Notes how many bytes have come, and not what they are. */
    boolean counts;

    Recorder(String name, List<String> log) {
        this.name = name;
        this.log = log;
    }

    Recorder keepsOpen(boolean keeps) {
        keepsOpen = keeps;
        return this;
    }

    Recorder fails(@Nullable String method) {
        fails = method;
        return this;
    }

    private void note(String method, String text) {
        log.add(name + " " + text);
        if (method.equals(fails)) throw new IllegalArgumentException(method);
    }

    @Override
    public void connectionMade(Transport transport) {
        this.transport = transport;
        note("connection_made", "made");
    }

    @Override
    public void dataReceived(byte[] data) throws Exception {
        received += data.length;
        if (!counts) note("data_received", "data " + OnNetwork.text(data));
    }

    @Override
    public boolean eofReceived() {
        note("eof_received", "eof");
        return keepsOpen;
    }

    @Override
    public void connectionLost(@Nullable Throwable error) {
        lost = true;
        this.error = error;
        note("connection_lost", "lost " + (error == null ? "None" : error.getMessage()));
    }

    @Override
    public void pauseWriting() {
        note("pause_writing", "pause");
    }

    @Override
    public void resumeWriting() {
        note("resume_writing", "resume " + transport.getWriteBufferSize());
    }
}
