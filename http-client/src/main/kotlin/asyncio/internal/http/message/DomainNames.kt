package asyncio.internal.http.message

import java.text.Normalizer
import java.util.BitSet

/**
 * The ASCII form of host names: UTS #46, non-transitional, as browsers have it (CheckBidi and CheckJoiners on, the
 * other options off), with the JDK's tables of Unicode. `java.net.IDN` knows IDNA 2003 only, in which `faß.de` is
 * another host.
 */
internal object DomainNames {
    /** In lower case; null if [name] cannot be a name of a domain. A name that is ASCII already is not looked at. */
    fun toAscii(name: String): String? {
        if (name.all { it.code < 0x80 }) return name.lowercase()
        if (name.length > LONGEST_NAME) return null
        val labels = mapped(name)?.split('.') ?: return null
        val bidi = labels.any(::isRightToLeft)
        val ascii = ArrayList<String>(labels.size)
        for (label in labels) {
            if (!isValid(label) || bidi && !keepsDirection(label)) return null
            ascii.add(encoded(label) ?: return null)
        }
        return ascii.joinToString(".")
    }

    private fun encoded(label: String): String? =
        if (label.all { it.code < 0x80 }) {
            label
        } else {
            ("xn--" + Punycode.encode(label)).takeIf { it.length <= LONGEST_LABEL }
        }

    // ---- mapping

    /** Null if a character is not allowed. */
    private fun mapped(name: String): String? {
        val text = StringBuilder()
        for (point in name.codePoints()) {
            when {
                point in DOTS -> text.append('.')
                isKept(point) -> text.appendCodePoint(point)
                isIgnored(point) -> continue
                isRefused(point) -> return null
                else -> text.append(mapped(point) ?: return null)
            }
        }
        return Normalizer.normalize(text, Normalizer.Form.NFC)
    }

    private fun mapped(point: Int): String? {
        if (point in 'a'.code..'z'.code || point in "-.0123456789_") return Character.toString(point)
        val text = folded(Normalizer.normalize(folded(Character.toString(point)), Normalizer.Form.NFKC))
        val mapped = Normalizer.normalize(text, Normalizer.Form.NFKC)
        // A label must not become two; and spaces come from characters that stand for an accent alone.
        return if (mapped.any { it in ". /" } && point >= 0x80) null else mapped
    }

    private operator fun String.contains(point: Int) = point < 0x80 && indexOf(point.toChar()) >= 0

    /** The case folding of Unicode, full, with the JDK's means. */
    private fun folded(text: String): String {
        val folded = StringBuilder(text.length)
        for (point in text.codePoints()) {
            when (point) {
                SHARP_S, DOTLESS_I, in CHEROKEE -> {
                    folded.appendCodePoint(point)
                }

                in CHEROKEE_SMALL_FIRST, in CHEROKEE_SMALL -> {
                    folded.appendCodePoint(Character.toUpperCase(point))
                }

                CAPITAL_SHARP_S -> {
                    folded.appendCodePoint(SHARP_S)
                }

                else -> {
                    folded.append(
                        Character
                            .toString(point)
                            .uppercase()
                            .lowercase()
                            .replace(FINAL_SIGMA, SIGMA),
                    )
                }
            }
        }
        return folded.toString()
    }

    /** IDNA 2003 would make other letters of them, or nothing. */
    private fun isKept(point: Int) =
        point == SHARP_S || point == FINAL_SIGMA.code || point == ZERO_WIDTH_NON_JOINER || point == ZERO_WIDTH_JOINER

    private fun isIgnored(point: Int) =
        point == 0xAD || point == 0x34F || point in 0x180B..0x180D || point == 0x180F || point == 0x200B ||
            point == 0x2060 || point == 0x2064 || point == 0xFEFF || point in 0xFE00..0xFE0F ||
            point in 0xE0100..0xE01EF

    private fun isRefused(point: Int) =
        when (Character.getType(point).toByte()) {
            Character.CONTROL,
            Character.FORMAT,
            Character.SURROGATE,
            Character.PRIVATE_USE,
            Character.UNASSIGNED,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR,
            -> point >= 0x80

            else -> point in 0xFFFC..0xFFFD || point in 0x2FF0..0x2FFF || point in INVISIBLE_LETTERS
        }

    // ---- what a label may be

    private fun isValid(label: String): Boolean {
        if (label.isEmpty()) return true
        val points = label.codePoints().toArray()
        if (points.all { it < 0x80 }) return true
        // A coded label must not be coded twice.
        if (label.startsWith("xn--") || isMark(points[0])) return false
        return points.indices.all { index ->
            when (points[index]) {
                ZERO_WIDTH_JOINER -> isBehindVirama(points, index)
                ZERO_WIDTH_NON_JOINER -> isBehindVirama(points, index) || isBetweenJoining(points, index)
                else -> true
            }
        }
    }

    private fun isMark(point: Int) =
        when (Character.getType(point).toByte()) {
            Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> true
            else -> false
        }

    /** RFC 5892, A.1 and A.2. */
    private fun isBehindVirama(
        points: IntArray,
        index: Int,
    ) = index > 0 && VIRAMAS[points[index - 1]]

    private fun isBetweenJoining(
        points: IntArray,
        index: Int,
    ): Boolean {
        var left = index - 1
        while (left >= 0 && isTransparent(points[left])) left--
        var right = index + 1
        while (right < points.size && isTransparent(points[right])) right++
        return left >= 0 && right < points.size &&
            (JOINING_BOTH[points[left]] || JOINING_LEFT[points[left]]) &&
            (JOINING_BOTH[points[right]] || JOINING_RIGHT[points[right]])
    }

    private fun isTransparent(point: Int) =
        when (Character.getType(point).toByte()) {
            Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> true
            Character.FORMAT -> point != ZERO_WIDTH_NON_JOINER && point != ZERO_WIDTH_JOINER
            else -> false
        }

    private fun isRightToLeft(label: String) =
        label.codePoints().anyMatch { directionOf(it) in RIGHT_TO_LEFT || directionOf(it) == ARABIC_NUMBER }

    /** RFC 5893, 2. */
    private fun keepsDirection(label: String): Boolean {
        if (label.isEmpty()) return true
        val directions = label.codePoints().mapToObj(::directionOf).toList()
        val last = directions.lastOrNull { it != NONSPACING_MARK } ?: return false
        if (directions[0] in RIGHT_TO_LEFT) {
            val hasBothNumbers = EUROPEAN_NUMBER in directions && ARABIC_NUMBER in directions
            return directions.all { it in IN_RIGHT_TO_LEFT } && !hasBothNumbers &&
                (last in RIGHT_TO_LEFT || last == EUROPEAN_NUMBER || last == ARABIC_NUMBER)
        }
        return directions[0] == LEFT_TO_RIGHT && directions.all { it in IN_LEFT_TO_RIGHT } &&
            (last == LEFT_TO_RIGHT || last == EUROPEAN_NUMBER)
    }

    private fun directionOf(point: Int) = Character.getDirectionality(point)

    private const val LONGEST_NAME = 1000
    private const val LONGEST_LABEL = 63

    private const val SHARP_S = 0xDF
    private const val CAPITAL_SHARP_S = 0x1E9E
    private const val DOTLESS_I = 0x131
    private const val SIGMA = '\u03C3'
    private const val FINAL_SIGMA = '\u03C2'
    private const val ZERO_WIDTH_NON_JOINER = 0x200C
    private const val ZERO_WIDTH_JOINER = 0x200D

    /** Its capitals are what case folding gives, for the sake of old texts. */
    private val CHEROKEE = 0x13A0..0x13F5
    private val CHEROKEE_SMALL_FIRST = 0x13F8..0x13FD
    private val CHEROKEE_SMALL = 0xAB70..0xABBF

    private val DOTS = setOf('.'.code, 0x3002, 0xFF0E, 0xFF61)
    private val INVISIBLE_LETTERS = setOf(0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0)

    private const val LEFT_TO_RIGHT = Character.DIRECTIONALITY_LEFT_TO_RIGHT
    private const val EUROPEAN_NUMBER = Character.DIRECTIONALITY_EUROPEAN_NUMBER
    private const val ARABIC_NUMBER = Character.DIRECTIONALITY_ARABIC_NUMBER
    private const val NONSPACING_MARK = Character.DIRECTIONALITY_NONSPACING_MARK
    private val RIGHT_TO_LEFT =
        setOf(Character.DIRECTIONALITY_RIGHT_TO_LEFT, Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC)
    private val IN_BOTH =
        setOf(
            EUROPEAN_NUMBER,
            NONSPACING_MARK,
            Character.DIRECTIONALITY_EUROPEAN_NUMBER_SEPARATOR,
            Character.DIRECTIONALITY_EUROPEAN_NUMBER_TERMINATOR,
            Character.DIRECTIONALITY_COMMON_NUMBER_SEPARATOR,
            Character.DIRECTIONALITY_OTHER_NEUTRALS,
            Character.DIRECTIONALITY_BOUNDARY_NEUTRAL,
        )
    private val IN_LEFT_TO_RIGHT = IN_BOTH + LEFT_TO_RIGHT
    private val IN_RIGHT_TO_LEFT = IN_BOTH + RIGHT_TO_LEFT + ARABIC_NUMBER

    // The JDK does not tell these properties: combining class 9, and the joining types D, R and L.
    private val VIRAMAS by lazy {
        points(
            "94D 9CD A4D ACD B4D BCD C4D CCD D3B-D3C D4D DCA E3A EBA F84 1039-103A 1714-1715 1734 17D2 1A60" +
                " 1B44 1BAA-1BAB 1BF2-1BF3 2D7F A806 A82C A8C4 A953 A9C0 AAF6 ABED 10A3F 11046 11070 1107F 110B9" +
                " 11133-11134 111C0 11235 112EA 1134D 11442 114C2 115BF 1163F 116B6 1172B 11839 1193D-1193E 119E0" +
                " 11A34 11A47 11A99 11C3F 11D44-11D45 11D97 11F41-11F42",
        )
    }

    private val JOINING_BOTH by lazy {
        points(
            "620 626 628 62A-62E 633-63F 641-647 649-64A 66E-66F 678-687 69A-6BF 6C1-6C2 6CC 6CE 6D0-6D1" +
                " 6FA-6FC 6FF 712-714 71A-71D 71F-727 729 72B 72D-72E 74E-758 75C-76A 76D-770 772 775-777 77A-77F" +
                " 7CA-7EA 841-845 848 84A-853 855 860 862-865 868 886 889-88D 8A0-8A9 8AF-8B0 8B3-8B8 8BA-8C8" +
                " 1807 1820-1878 1887-18A8 18AA A840-A871 10AC0-10AC4 10AD3-10AD6 10AD8-10ADC 10ADE-10AE0" +
                " 10AEB-10AEE 10B80 10B82 10B86-10B88 10B8A-10B8B 10B8D 10B90 10BAD-10BAE 10D01-10D21 10D23" +
                " 10F30-10F32 10F34-10F44 10F51-10F53 10F70-10F73 10F76-10F81 10FB0 10FB2-10FB3 10FB8 10FBB-10FBC" +
                " 10FBE-10FBF 10FC1 10FC4 10FCA 1E900-1E943",
        )
    }

    private val JOINING_RIGHT by lazy {
        points(
            "622-625 627 629 62F-632 648 671-673 675-677 688-699 6C0 6C3-6CB 6CD 6CF 6D2-6D3 6D5 6EE-6EF 710" +
                " 715-719 71E 728 72A 72C 72F 74D 759-75B 76B-76C 771 773-774 778-779 840 846-847 849 854 856-858" +
                " 867 869-86A 870-882 88E 8AA-8AC 8AE 8B1-8B2 8B9 10AC5 10AC7 10AC9-10ACA 10ACE-10AD2 10ADD 10AE1" +
                " 10AE4 10AEF 10B81 10B83-10B85 10B89 10B8C 10B8E-10B8F 10B91 10BA9-10BAC 10D22 10F33 10F54" +
                " 10F74-10F75 10FB4-10FB6 10FB9-10FBA 10FBD 10FC2-10FC3 10FC9",
        )
    }

    private val JOINING_LEFT by lazy { points("A872 10ACD 10AD7 10D00 10FCB") }

    private fun points(ranges: String): BitSet {
        val points = BitSet()
        for (range in ranges.split(' ')) {
            val first = range.substringBefore('-').toInt(16)
            points.set(first, range.substringAfter('-').toInt(16) + 1)
        }
        return points
    }
}
