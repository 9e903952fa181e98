/**
 * Run by the build on the JDK that it has selected. Its output is read as properties: what the rest of the build has to
 * know about that JDK.
 */
class Jdk {
    public static void main(String[] args) {
        int feature = Runtime.version().feature();
        System.out.println("jdk.feature=" + feature);
        // The carrier that the tests get where the command line asks for none (-Dcarrier).
        System.out.println("carrier=" + (feature >= 21 ? "loop" : "platform"));
    }
}
