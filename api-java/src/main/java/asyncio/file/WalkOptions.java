package asyncio.file;

import java.io.IOException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How a tree is gone through. Immutable. Python: the arguments of {@code os.walk}. */
public final class WalkOptions {
    /** From top to bottom; links are not followed; a directory that cannot be read is passed over. */
    public static final WalkOptions DEFAULT = new WalkOptions(true, false, null);

    private final boolean topdown;
    private final boolean followlinks;
    private final @Nullable Consumer<? super IOException> onerror;

    private WalkOptions(boolean topdown, boolean followlinks, @Nullable Consumer<? super IOException> onerror) {
        this.topdown = topdown;
        this.followlinks = followlinks;
        this.onerror = onerror;
    }

    /** The same from top to bottom, or the other way round. Python: {@code topdown}. */
    public WalkOptions withTopdown(boolean topdown) {
        return new WalkOptions(topdown, followlinks, onerror);
    }

    /**
     * The same with links to directories as directories, or not. Two links may lead in a circle. Python:
     * {@code followlinks}.
     */
    public WalkOptions withFollowlinks(boolean followlinks) {
        return new WalkOptions(topdown, followlinks, onerror);
    }

    /**
     * The same with a callback for what cannot be read; what it throws ends the walk. In the loop. Python:
     * {@code onerror}.
     */
    public WalkOptions withOnerror(Consumer<? super IOException> onerror) {
        return new WalkOptions(topdown, followlinks, Objects.requireNonNull(onerror, "withOnerror: onerror is null"));
    }

    /** {@link #withTopdown}. */
    public boolean topdown() {
        return topdown;
    }

    /** {@link #withFollowlinks}. */
    public boolean followlinks() {
        return followlinks;
    }

    /** {@link #withOnerror}; null for none. */
    public @Nullable Consumer<? super IOException> onerror() {
        return onerror;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WalkOptions options
                && options.topdown == topdown
                && options.followlinks == followlinks
                && Objects.equals(options.onerror, onerror);
    }

    @Override
    public int hashCode() {
        return Objects.hash(topdown, followlinks, onerror);
    }

    @Override
    public String toString() {
        return "<WalkOptions topdown=" + topdown + ", followlinks=" + followlinks + ">";
    }
}
