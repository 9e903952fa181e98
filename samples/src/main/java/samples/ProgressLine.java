package samples;

import java.io.PrintWriter;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar that is gone when it has done its work; none at all where nobody looks at a terminal. */
public final class ProgressLine implements AutoCloseable {
    private static final int COLUMNS = Integer.getInteger("samples.columns", 0);

    private final ProgressBar bar;

    private ProgressLine(ProgressBar bar) {
        this.bar = bar;
    }

    /** Shows a bar if the launcher said how wide the terminal is. */
    public static ProgressLine show(String name, int steps, PrintWriter out) {
        if (COLUMNS == 0) {
            return new ProgressLine(null);
        }
        return new ProgressLine(new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(50)
                .setConsumer(new DelegatingProgressBarConsumer(
                        line -> {
                            out.print("\r" + line);
                            out.flush();
                        },
                        Math.min(COLUMNS, 80) - 1))
                .clearDisplayOnFinish()
                .build());
    }

    /** One step is done. */
    public void step() {
        if (bar != null) {
            bar.step();
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
