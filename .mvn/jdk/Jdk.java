/**
 * Run by the build on the JDK that it has selected. Its output is read as properties: what the rest of the build has to
 * know about that JDK.
 */
class Jdk {
    public static void main(String[] args) {
        int feature = Runtime.version().feature();
        boolean virtualThreads = feature >= 21;
        System.out.println("jdk.feature=" + feature);
        // The carrier that the tests get where the command line asks for none (-Dcarrier).
        System.out.println("carrier=" + (virtualThreads ? "loop" : "platform"));
        // The benchmarks use virtual threads: an older JDK has to leave them out.
        System.out.println("benchmarks.skip=" + !virtualThreads);
        System.out.println("benchmarks.sources=" + (virtualThreads ? "src" : "none"));
    }
}
