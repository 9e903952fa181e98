package samples.flags;

import java.io.IOException;

/** The server answered, but not with a flag. */
final class NotOk extends IOException {
    private static final long serialVersionUID = 1L;

    final int status;

    NotOk(int status) {
        super("the server answered " + status);
        this.status = status;
    }
}
