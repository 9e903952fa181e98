package samples.flags;

import asyncio.http.ClientConnectorDnsException;
import asyncio.http.ClientConnectorException;
import asyncio.http.ClientOSException;
import asyncio.http.ClientPayloadException;
import asyncio.http.ServerDisconnectedException;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.TimeoutException;

/**
 * Why a flag did not arrive.
 *
 * @param detail more about it, possibly empty
 */
record Failure(Kind kind, String detail) {

    /** What the failures are counted by. */
    enum Kind {
        MISSING("missing"),
        NOT_OK("unexpected status"),
        REFUSED("connection refused"),
        UNKNOWN_HOST("unknown host"),
        CUT("cut off"),
        TIMEOUT("too slow"),
        NOT_SAVED("not saved"),
        OTHER("other");

        final String label;

        Kind(String label) {
            this.label = label;
        }
    }

    /** Sorts what went wrong in any of the three ways. */
    static Failure of(Exception e) {
        if (e instanceof NotOk answer) {
            return new Failure(
                    answer.status == 404 ? Kind.MISSING : Kind.NOT_OK, "the server answered " + answer.status);
        }
        if (e instanceof FlagFolder.NotSaved) {
            return new Failure(Kind.NOT_SAVED, describe(e.getCause()));
        }
        if (e instanceof TimeoutException || e instanceof asyncio.TimeoutException) {
            return new Failure(Kind.TIMEOUT, "");
        }
        if (e instanceof ClientConnectorDnsException
                || causedBy(e, UnresolvedAddressException.class)
                || causedBy(e, UnknownHostException.class)) {
            return new Failure(Kind.UNKNOWN_HOST, "");
        }
        if (causedBy(e, ConnectException.class)) {
            return new Failure(Kind.REFUSED, "");
        }
        if (e instanceof ClientPayloadException
                || e instanceof ServerDisconnectedException
                || e instanceof ClientOSException && !(e instanceof ClientConnectorException)
                || causedBy(e, EOFException.class)
                || causedBy(e, SocketException.class)) {
            return new Failure(Kind.CUT, "the server closed the connection too early");
        }
        return new Failure(Kind.OTHER, describe(e));
    }

    private static boolean causedBy(Throwable e, Class<? extends Throwable> type) {
        for (var cause = e; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static String describe(Throwable e) {
        if (e instanceof FileAlreadyExistsException file) {
            return file.getFile() + " is not a directory";
        }
        if (e instanceof AccessDeniedException file) {
            return "permission denied: " + file.getFile();
        }
        if (e instanceof NoSuchFileException file) {
            return "cannot be created: " + file.getFile();
        }
        if (e instanceof FileSystemException file && file.getReason() != null) {
            return file.getReason() + ": " + file.getFile();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    @Override
    public String toString() {
        return detail.isEmpty() ? kind.label : kind.label + " (" + detail + ")";
    }
}
