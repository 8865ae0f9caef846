package dev.psat.spire.workload.client;

/**
 * RFC 7541, appendix B. The code is canonical: codes of one length are consecutive
 * numbers in the order of their symbols, and the first follows from how many shorter ones
 * there are. So the lengths tell everything.
 */
final class HuffmanCode {

	/** The length of the code of each octet and of the end of string, 5 being 'A'. */
	private static final String LENGTHS = "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXX" + "BFFHIBDGFFDGDBBBAAABBBBBBBCDKBHF"
			+ "IBCCCCCCCCCCCCCCCCCCCCCCDCDIOIJB" + "KABABABBBACCBBBABCBAABCCCCCKGJIX"
			+ "PRPPRRRSRSSSSSTSTTRSTSSSSQRSRSST" + "RQPRRSSQSRRTQRSSQQRQSRSSPRRRSRRS"
			+ "VVPORSRUVVVWWVTUOQVWWVWTQQVVXWWW" + "PTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWV" + "Z";

	private static final int LONGEST = 30;

	private static final int END_OF_STRING = 256;

	private static final int[] COUNTS = new int[LONGEST + 1];

	private static final int[] FIRST = new int[LONGEST + 1];

	private static final int[] STARTS = new int[LONGEST + 1];

	/** The symbols, by the length of their codes. */
	private static final int[] SYMBOLS = new int[LENGTHS.length()];

	static {
		int symbols = 0;
		int code = 0;
		for (int length = 1; length <= LONGEST; length++) {
			code <<= 1;
			FIRST[length] = code;
			STARTS[length] = symbols;
			for (int symbol = 0; symbol < LENGTHS.length(); symbol++) {
				if (LENGTHS.charAt(symbol) - 'A' + 5 == length) {
					SYMBOLS[symbols++] = symbol;
				}
			}
			COUNTS[length] = symbols - STARTS[length];
			code += COUNTS[length];
		}
	}

	private HuffmanCode() {
	}

	static String decode(byte[] octets) {
		StringBuilder text = new StringBuilder(octets.length * 8 / 5);
		int code = 0;
		int length = 0;
		for (int i = 0; i < octets.length * 8; i++) {
			code = code << 1 | octets[i / 8] >> (7 - i % 8) & 1;
			length++;
			int index = code - FIRST[length];
			if (index < COUNTS[length]) {
				int symbol = SYMBOLS[STARTS[length] + index];
				if (symbol == END_OF_STRING) {
					throw new MalformedAnswerException("A header contains the end of a string");
				}
				text.append((char) symbol);
				code = 0;
				length = 0;
			}
		}
		if (length > 7 || code != (1 << length) - 1) {
			throw new MalformedAnswerException("A header ends within a code");
		}
		return text.toString();
	}

}
