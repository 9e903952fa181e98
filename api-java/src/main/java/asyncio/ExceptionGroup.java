package asyncio;

import asyncio.spi.Errors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Several exceptions at once, as the tasks of a {@link TaskGroup} raise them. Groups may contain groups. Python:
 * {@code ExceptionGroup}, and {@code BaseExceptionGroup}.
 *
 * <p>It is an unchecked exception whatever is in it, also an {@link Error}, as
 * {@link java.util.concurrent.ExecutionException} is: {@code catch (Exception e)} catches it. The library never puts
 * {@link CancelledError} into one.
 *
 * <p>Its members are its {@linkplain #getSuppressed() suppressed} exceptions too, so that everything that prints stack
 * traces, {@link #printStackTrace()} as well as any logger, prints theirs with it, each once. What is suppressed later
 * on comes behind them.
 */
public class ExceptionGroup extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String title;
    private final Throwable[] members;

    /** The group that this is a part of; null if it is none. */
    private transient @Nullable ExceptionGroup origin;

    /**
     * A group.
     *
     * @param message what happened; {@link #getMessage()} adds how many there are
     * @param exceptions the members
     * @throws IllegalArgumentException if there are none
     */
    @SuppressWarnings("this-escape") // Its members are set before.
    public ExceptionGroup(String message, List<? extends Throwable> exceptions) {
        super(message);
        title = Objects.requireNonNull(message, "message");
        members = exceptions.toArray(new Throwable[0]);
        if (members.length == 0) {
            throw new IllegalArgumentException("The exceptions of a group must be a non-empty list");
        }
        for (var member : members) {
            addSuppressed(member);
        }
    }

    /** The message without the number. Python: {@code message}. */
    public final String message() {
        return title;
    }

    /** The message, with how many members there are. Python: {@code str(group)}. */
    @Override
    public String getMessage() {
        return title + " (" + members.length + (members.length == 1 ? " sub-exception)" : " sub-exceptions)");
    }

    /** The members, in their order. Python: {@code exceptions}. */
    public final List<Throwable> exceptions() {
        return List.of(members);
    }

    /**
     * A group like this one of those members, at any depth, for which {@code condition} holds. It is asked about groups
     * too, and one for which it holds is taken as it is. Python: {@code subgroup}.
     *
     * @return null if there are none; this group itself if the condition holds for it
     */
    public @Nullable ExceptionGroup subgroup(Predicate<? super Throwable> condition) {
        return split(condition).matching();
    }

    /**
     * {@link #subgroup(Predicate)} of those of a type. A group counts by its members, not as the
     * {@link RuntimeException} that it is, unless the type is one of groups.
     */
    public @Nullable ExceptionGroup subgroup(Class<? extends Throwable> type) {
        return subgroup(isA(type));
    }

    /** {@link #subgroup(Predicate)}, and a group like this one of all the others. Python: {@code split}. */
    public Split split(Predicate<? super Throwable> condition) {
        if (condition.test(this)) {
            return new Split(this, null);
        }
        var matching = new ArrayList<Throwable>();
        var others = new ArrayList<Throwable>();
        for (var member : members) {
            if (member instanceof ExceptionGroup group) {
                var inner = group.split(condition);
                addIfAny(matching, inner.matching());
                addIfAny(others, inner.others());
            } else {
                (condition.test(member) ? matching : others).add(member);
            }
        }
        return new Split(likeThis(matching), likeThis(others));
    }

    /** {@link #split(Predicate)} by a type, as in {@link #subgroup(Class)}. */
    public Split split(Class<? extends Throwable> type) {
        return split(isA(type));
    }

    private static Predicate<Throwable> isA(Class<? extends Throwable> type) {
        return ExceptionGroup.class.isAssignableFrom(type)
                ? type::isInstance
                : e -> type.isInstance(e) && !(e instanceof ExceptionGroup);
    }

    private static void addIfAny(List<Throwable> list, @Nullable ExceptionGroup group) {
        if (group != null) {
            list.add(group);
        }
    }

    private @Nullable ExceptionGroup likeThis(List<Throwable> exceptions) {
        if (exceptions.isEmpty()) {
            return null;
        }
        var part = derive(exceptions);
        part.origin = origin();
        part.setStackTrace(getStackTrace());
        if (getCause() != null && part.getCause() == null) {
            part.initCause(getCause());
        }
        var suppressed = getSuppressed();
        for (int i = members.length; i < suppressed.length; i++) {
            part.addSuppressed(suppressed[i]);
        }
        return part;
    }

    /**
     * The group that a part of this one is put into: one with the same message. To be overridden by groups that want
     * their parts to be groups of their own kind; stack trace and cause are copied afterwards. Python: {@code derive}.
     */
    protected ExceptionGroup derive(List<? extends Throwable> exceptions) {
        return new ExceptionGroup(title, exceptions);
    }

    /**
     * Gives each handler, in their order, a group of what it takes from what is left, and throws what no handler has
     * taken. What a handler throws, an {@link Error} included, does not keep the next ones from being called. Python:
     * {@code except*}.
     *
     * <pre>{@code
     * } catch (ExceptionGroup group) {
     *     group.handle(
     *             on(IOException.class, failures -> log.warn("no connection", failures)),
     *             on(TimeoutException.class, failures -> retry()));
     * }
     * }</pre>
     *
     * <p>What comes out of it:
     *
     * <ul>
     *   <li>A handler that throws its group again, or a part of it, has not taken that: it stays where it was in this
     *       group, together with what no handler has taken.
     *   <li>Any other exception of a handler has what the handler took among its {@linkplain #getSuppressed()
     *       suppressed} ones, unless that is its cause. If it is all there is to throw it is thrown alone, as it is;
     *       otherwise in a new group, with the other handlers' exceptions and the rest of this group as the last
     *       member.
     *   <li>{@link CancelledError}, {@link GeneratorExit}, {@link KeyboardInterrupt} and {@link InternalError} are
     *       never put into a group, since {@code catch (Exception e)} would swallow them there. Such an error is thrown
     *       alone, with everything else suppressed; the last two go before the others.
     * </ul>
     *
     * @throws E what a handler threw, where nothing else is left
     * @throws ExceptionGroup what is left, with the message, stack trace and cause of this group: this group itself if
     *     all of it is left
     */
    @SafeVarargs
    public final <E extends Exception> void handle(Handler<? extends E>... handlers) throws E {
        ExceptionGroup rest = this;
        var left = Collections.<Throwable>newSetFromMap(new IdentityHashMap<>());
        var raised = new ArrayList<Throwable>();
        for (var handler : handlers) {
            if (rest == null) {
                break;
            }
            var split = rest.split(handler.type());
            rest = split.others();
            var matching = split.matching();
            if (matching == null) {
                continue;
            }
            try {
                handler.action().run(matching);
            } catch (Throwable e) {
                if (e instanceof ExceptionGroup part && isPart(part)) {
                    part.addLeavesTo(left);
                } else {
                    keepSuppressed(matching, e);
                    raised.add(e);
                }
            }
        }
        if (rest != null) {
            rest.addLeavesTo(left);
        }
        if (!left.isEmpty()) {
            raised.add(ofLeaves(left));
        }
        if (!raised.isEmpty()) {
            throw ExceptionGroup.<RuntimeException>asItIs(together(raised));
        }
    }

    /** Whether {@code other} is this, or a part of it as it was split off. */
    private boolean isPart(ExceptionGroup other) {
        if (other == this) {
            return true;
        }
        var leaves = Collections.<Throwable>newSetFromMap(new IdentityHashMap<>());
        addLeavesTo(leaves);
        return other.origin() == origin()
                && leaves.containsAll(other.addLeavesTo(new ArrayList<>()))
                && other.getCause() == getCause()
                && other.getSuppressed().length - other.members.length == getSuppressed().length - members.length;
    }

    private ExceptionGroup origin() {
        return origin == null ? this : origin;
    }

    /** Adds the exceptions in this group, at any depth, that are no groups. */
    private <C extends Collection<Throwable>> C addLeavesTo(C leaves) {
        for (var member : members) {
            if (member instanceof ExceptionGroup group) {
                group.addLeavesTo(leaves);
            } else {
                leaves.add(member);
            }
        }
        return leaves;
    }

    /** A group like this one of those leaves; this group itself if they are all. */
    private ExceptionGroup ofLeaves(Set<Throwable> leaves) {
        return leaves.containsAll(addLeavesTo(new ArrayList<>()))
                ? this
                : Objects.requireNonNull(subgroup(e -> !(e instanceof ExceptionGroup) && leaves.contains(e)));
    }

    /** What a handler took stays visible in {@code raised}, as far as it is not there already. */
    private static void keepSuppressed(ExceptionGroup taken, Throwable raised) {
        var lost = taken.subgroup(e -> !(e instanceof ExceptionGroup) && !Errors.leadsTo(e, raised));
        if (lost != null) {
            raised.addSuppressed(lost);
        }
    }

    private Throwable together(List<Throwable> raised) {
        if (raised.size() == 1) {
            return raised.get(0);
        }
        var first = raised.stream()
                .filter(ExceptionGroup::isFatal)
                .findFirst()
                .or(() -> raised.stream()
                        .filter(e -> e instanceof CancelledError || e instanceof GeneratorExit)
                        .findFirst());
        if (first.isEmpty()) {
            return new ExceptionGroup("errors while handling " + title, raised);
        }
        var alone = first.get();
        for (var other : raised) {
            if (other != alone) {
                alone.addSuppressed(other);
            }
        }
        return alone;
    }

    private static boolean isFatal(Throwable error) {
        return error instanceof KeyboardInterrupt || error instanceof InternalError;
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E asItIs(Throwable error) throws E {
        throw (E) error;
    }

    /**
     * One clause of {@link #handle}. Python: {@code except* type as group:}.
     *
     * @throws IllegalArgumentException if {@code type} is one of groups: those are caught with {@code catch}
     */
    public static <E extends Exception> Handler<E> on(
            Class<? extends Throwable> type, WithBlock<? super ExceptionGroup, E> action) {
        return new Handler<>(type, action);
    }

    /**
     * One clause of {@link #handle}; see {@link #on}.
     *
     * @param <E> the checked exception that it throws; {@link RuntimeException} if it throws none
     */
    public static final class Handler<E extends Exception> {
        private final Class<? extends Throwable> type;
        private final WithBlock<? super ExceptionGroup, E> action;

        private Handler(Class<? extends Throwable> type, WithBlock<? super ExceptionGroup, E> action) {
            if (ExceptionGroup.class.isAssignableFrom(type)) {
                throw new IllegalArgumentException("A handler takes members of groups, and not " + type.getSimpleName()
                        + "s themselves. Use catch instead");
            }
            this.type = type;
            this.action = Objects.requireNonNull(action, "action");
        }

        /** The type of exceptions that it takes. */
        public Class<? extends Throwable> type() {
            return type;
        }

        /** What gets them. */
        public WithBlock<? super ExceptionGroup, E> action() {
            return action;
        }

        @Override
        public String toString() {
            return "Handler[type=" + type + ", action=" + action + "]";
        }
    }

    /**
     * The two parts of a group.
     *
     * @param matching those for which the condition holds; null if there are none
     * @param others those for which it does not; null if there are none
     */
    public record Split(
            @Nullable ExceptionGroup matching, @Nullable ExceptionGroup others) {}
}
