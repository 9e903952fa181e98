package asyncio.io;

import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A program to start, with its arguments and surroundings. Immutable: the methods give other commands. Python: the
 * arguments of {@code create_subprocess_exec} and {@code create_subprocess_shell}.
 *
 * <pre>{@code
 * var sorting = Command.exec("sort", "-r").withStdin(PIPE).withStdout(PIPE);
 * var process = await(sorting.start());
 * }</pre>
 */
public final class Command {
    private final Values values;

    private Command(Values values) {
        this.values = values;
    }

    // ---- the program

    /**
     * A program by its path, or by its name in one of the directories of the {@code PATH} that it gets, with its
     * arguments as they are: no shell looks at them. Python: {@code create_subprocess_exec}.
     *
     * @throws IllegalArgumentException if there is a NUL character in them, or the name of the program is empty
     */
    public static Command exec(String program, String... arguments) {
        var all = new ArrayList<String>();
        all.add(Objects.requireNonNull(program, "exec: program is null"));
        Collections.addAll(all, arguments);
        return exec(all);
    }

    /**
     * {@link #exec(String, String...)} with the program and its arguments in a list.
     *
     * @throws IllegalArgumentException if the list is empty, too
     */
    public static Command exec(List<String> command) {
        for (var part : command) {
            Objects.requireNonNull(part, "exec: an argument is null");
        }
        if (command.isEmpty() || command.get(0).isEmpty()) {
            throw new IllegalArgumentException("exec: there is no program");
        }
        return new Command(new Values(List.copyOf(command), false));
    }

    /**
     * A line for {@code /bin/sh}, or for {@code cmd.exe} on Windows. Put no text of others into it without quoting it.
     * Python: {@code create_subprocess_shell}.
     *
     * @throws IllegalArgumentException if there is a NUL character in it
     */
    public static Command shell(String command) {
        return new Command(new Values(List.of(Objects.requireNonNull(command, "shell: command is null")), true));
    }

    // ---- what it does

    /** {@link Subprocess#start(Command)}. */
    @CheckReturnValue
    public Coroutine<Subprocess> start() {
        return Subprocess.start(this);
    }

    /** {@link Subprocess#run(Command)}. */
    @CheckReturnValue
    public Coroutine<CompletedProcess> run() {
        return Subprocess.run(this);
    }

    /** {@link Subprocess#run(Command, byte[])}. */
    @CheckReturnValue
    public Coroutine<CompletedProcess> run(byte[] input) {
        return Subprocess.run(this, input);
    }

    // ---- settings

    /**
     * The same with this stdin. Python: {@code stdin}.
     *
     * @throws IllegalArgumentException with {@link Stdio#STDOUT}, or the end of a file
     */
    public Command withStdin(Stdio stdin) {
        Objects.requireNonNull(stdin, "withStdin: stdin is null");
        if (stdin.equals(Stdio.STDOUT) || stdin.appending()) {
            throw new IllegalArgumentException("stdin cannot be " + stdin);
        }
        var changed = values.copy();
        changed.stdin = stdin;
        return new Command(changed);
    }

    /**
     * The same with this stdout. Python: {@code stdout}.
     *
     * @throws IllegalArgumentException with {@link Stdio#STDOUT}
     */
    public Command withStdout(Stdio stdout) {
        Objects.requireNonNull(stdout, "withStdout: stdout is null");
        if (stdout.equals(Stdio.STDOUT)) {
            throw new IllegalArgumentException("stdout cannot be STDOUT");
        }
        var changed = values.copy();
        changed.stdout = stdout;
        return new Command(changed);
    }

    /** The same with this stderr. Python: {@code stderr}. */
    public Command withStderr(Stdio stderr) {
        var changed = values.copy();
        changed.stderr = Objects.requireNonNull(stderr, "withStderr: stderr is null");
        return new Command(changed);
    }

    /** The same with pipes for stdin, stdout and stderr. */
    public Command withPipes() {
        return withStdin(Stdio.PIPE).withStdout(Stdio.PIPE).withStderr(Stdio.PIPE);
    }

    /** The same in this directory; null for that of this program. Python: {@code cwd}. */
    public Command withCwd(@Nullable Path directory) {
        var changed = values.copy();
        changed.cwd = directory;
        return new Command(changed);
    }

    /**
     * The same with these environment variables and no others. Python: {@code env}.
     *
     * @throws IllegalArgumentException if a name is empty or has a {@code =} in it, or there is a NUL character
     */
    public Command withEnv(Map<String, String> variables) {
        var changed = values.copy();
        changed.env = new TreeMap<>();
        variables.forEach((name, value) -> {
            Objects.requireNonNull(value, "withEnv: a value is null");
            put(changed.env, name, value);
        });
        return new Command(changed);
    }

    /**
     * The same with this environment variable too; null takes it away. Python: {@code env={**os.environ, name: value}}.
     *
     * @throws IllegalArgumentException if the name is empty or has a {@code =} in it, or there is a NUL character
     */
    public Command withEnv(String name, @Nullable String value) {
        var changed = values.copy();
        changed.env = new TreeMap<>(env());
        put(changed.env, name, value);
        return new Command(changed);
    }

    private static void put(Map<String, String> env, String name, @Nullable String value) {
        Objects.requireNonNull(name, "withEnv: name is null");
        if (name.isEmpty() || name.indexOf('=') >= 0) {
            throw new IllegalArgumentException("illegal environment variable name: '" + name + "'");
        }
        withoutNul(name);
        if (value == null) {
            env.remove(name);
        } else {
            env.put(name, withoutNul(value));
        }
    }

    /**
     * The same with this limit of the {@link StreamReader} of stdout and of that of stderr, in bytes; 64 KiB at first.
     * Python: {@code limit}.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Command withLimit(int limit) {
        var changed = values.copy();
        changed.limit = Checks.positive("limit", limit);
        return new Command(changed);
    }

    // ---- what it is

    /** The program and its arguments; only the line if it {@link #isShell()}. Python: {@code args}. */
    public List<String> args() {
        return values.args;
    }

    /** Whether it is a line for the shell. */
    public boolean isShell() {
        return values.isShell;
    }

    /** {@link #withStdin}; null if it was not said: it is inherited. */
    public @Nullable Stdio stdin() {
        return values.stdin;
    }

    /** {@link #withStdout}; null if it was not said: it is inherited. */
    public @Nullable Stdio stdout() {
        return values.stdout;
    }

    /** {@link #withStderr}; null if it was not said: it is inherited. */
    public @Nullable Stdio stderr() {
        return values.stderr;
    }

    /** {@link #withCwd}. */
    public @Nullable Path cwd() {
        return values.cwd;
    }

    /** All environment variables that it gets. */
    public Map<String, String> env() {
        return values.env == null ? System.getenv() : Collections.unmodifiableMap(values.env);
    }

    /** Whether it gets other environment variables than this program has. */
    public boolean hasOwnEnv() {
        return values.env != null;
    }

    /** {@link #withLimit}. */
    public int limit() {
        return values.limit;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Command that && values.all().equals(that.values.all());
    }

    @Override
    public int hashCode() {
        return values.all().hashCode();
    }

    /** The program and its arguments; environment variables may be secret. */
    @Override
    public String toString() {
        return values.isShell ? "Command.shell(" + values.args.get(0) + ")" : "Command" + values.args;
    }

    private static String withoutNul(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("embedded NUL character: " + text.replace('\0', '\u2400'));
        }
        return text;
    }

    private static final class Values {
        final List<String> args;
        final boolean isShell;

        @Nullable
        Stdio stdin = null;

        @Nullable
        Stdio stdout = null;

        @Nullable
        Stdio stderr = null;

        @Nullable
        Path cwd = null;

        @Nullable
        Map<String, String> env = null;

        int limit = StreamReader.DEFAULT_LIMIT;

        Values(List<String> args, boolean isShell) {
            args.forEach(Command::withoutNul);
            this.args = args;
            this.isShell = isShell;
        }

        Values copy() {
            var copy = new Values(args, isShell);
            copy.stdin = stdin;
            copy.stdout = stdout;
            copy.stderr = stderr;
            copy.cwd = cwd;
            copy.env = env;
            copy.limit = limit;
            return copy;
        }

        List<@Nullable Object> all() {
            var all = new ArrayList<@Nullable Object>();
            all.add(args);
            all.add(isShell);
            all.add(stdin);
            all.add(stdout);
            all.add(stderr);
            all.add(cwd);
            all.add(env);
            all.add(limit);
            return all;
        }
    }
}
