package asyncio;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Asyncio#gather(Awaitable, Awaitable) gather} of two, three or four gives: the list of the results, as of
 * any other number, that also knows each of them by its place and with its own type.
 *
 * <pre>{@code
 * var all = await(gather(findName(id), countOrders(id)));
 * String name = all.first();
 * int orders = all.second();
 * }</pre>
 *
 * <p>The list is the caller's, to sort or to change; the places stay as they were.
 */
public final class Results {
    private Results() {}

    /**
     * The results of two.
     *
     * @param <T> what both are
     */
    public static final class Two<T extends @Nullable Object, A extends T, B extends T> extends ArrayList<T> {
        private static final long serialVersionUID = 1L;

        private final transient A first;
        private final transient B second;

        @SuppressWarnings("unchecked")
        Two(List<? extends T> results) {
            super(results);
            first = (A) results.get(0);
            second = (B) results.get(1);
        }

        /** The result of the first argument. */
        public A first() {
            return first;
        }

        /** The result of the second argument. */
        public B second() {
            return second;
        }
    }

    /**
     * The results of three.
     *
     * @param <T> what all are
     */
    public static final class Three<T extends @Nullable Object, A extends T, B extends T, C extends T>
            extends ArrayList<T> {
        private static final long serialVersionUID = 1L;

        private final transient A first;
        private final transient B second;
        private final transient C third;

        @SuppressWarnings("unchecked")
        Three(List<? extends T> results) {
            super(results);
            first = (A) results.get(0);
            second = (B) results.get(1);
            third = (C) results.get(2);
        }

        /** The result of the first argument. */
        public A first() {
            return first;
        }

        /** The result of the second argument. */
        public B second() {
            return second;
        }

        /** The result of the third argument. */
        public C third() {
            return third;
        }
    }

    /**
     * The results of four.
     *
     * @param <T> what all are
     */
    public static final class Four<T extends @Nullable Object, A extends T, B extends T, C extends T, D extends T>
            extends ArrayList<T> {
        private static final long serialVersionUID = 1L;

        private final transient A first;
        private final transient B second;
        private final transient C third;
        private final transient D fourth;

        @SuppressWarnings("unchecked")
        Four(List<? extends T> results) {
            super(results);
            first = (A) results.get(0);
            second = (B) results.get(1);
            third = (C) results.get(2);
            fourth = (D) results.get(3);
        }

        /** The result of the first argument. */
        public A first() {
            return first;
        }

        /** The result of the second argument. */
        public B second() {
            return second;
        }

        /** The result of the third argument. */
        public C third() {
            return third;
        }

        /** The result of the fourth argument. */
        public D fourth() {
            return fourth;
        }
    }
}
