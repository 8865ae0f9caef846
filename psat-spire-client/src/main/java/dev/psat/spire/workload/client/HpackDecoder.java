package dev.psat.spire.workload.client;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.psat.spire.workload.client.HeaderTable.Header;

/** RFC 7541. What it throws quotes nothing, and leaves it of no use. */
final class HpackDecoder {

	/** The size of a list of headers that is accepted, as our settings tell. */
	static final int MAX_LIST_SIZE = 64 * 1024;

	/** More than four octets of seven bits can only be meant to harm. */
	private static final int MAX_SHIFT = 21;

	private final HeaderTable table;

	HpackDecoder(HeaderTable table) {
		this.table = table;
	}

	List<Header> decode(byte[] block) {
		try {
			return decode(ByteBuffer.wrap(block));
		}
		catch (BufferUnderflowException ex) {
			throw new WorkloadCall.MalformedAnswerException("A block of headers ends within a header");
		}
	}

	private List<Header> decode(ByteBuffer block) {
		List<Header> headers = new ArrayList<>();
		int size = 0;
		while (block.hasRemaining()) {
			int first = block.get() & 0xff;
			if (first >> 5 == 0b001) {
				if (!headers.isEmpty()) {
					throw new WorkloadCall.MalformedAnswerException(
							"The table of headers changes its size between headers");
				}
				this.table.resize(integer(block, first, 5));
				continue;
			}
			Header header = header(block, first);
			headers.add(header);
			size += header.size();
			if (size > MAX_LIST_SIZE) {
				throw new WorkloadCall.MalformedAnswerException(
						"The headers are larger than %d bytes".formatted(MAX_LIST_SIZE));
			}
		}
		return headers;
	}

	private Header header(ByteBuffer block, int first) {
		if (first >> 7 == 1) {
			return this.table.get(integer(block, first, 7));
		}
		boolean indexed = first >> 6 == 1;
		int name = integer(block, first, indexed ? 6 : 4);
		Header header = new Header((name != 0) ? this.table.get(name).name() : string(block), string(block));
		if (indexed) {
			this.table.add(header);
		}
		return header;
	}

	private static int integer(ByteBuffer block, int first, int prefix) {
		int max = (1 << prefix) - 1;
		int value = first & max;
		if (value < max) {
			return value;
		}
		for (int shift = 0; shift <= MAX_SHIFT; shift += 7) {
			int next = block.get();
			value += (next & 0x7f) << shift;
			if (next >= 0) {
				return value;
			}
		}
		throw new WorkloadCall.MalformedAnswerException("A number in a header is too large");
	}

	private static String string(ByteBuffer block) {
		int first = block.get() & 0xff;
		int length = integer(block, first, 7);
		if (length > block.remaining()) {
			throw new BufferUnderflowException();
		}
		byte[] octets = new byte[length];
		block.get(octets);
		return (first >> 7 == 1) ? HuffmanCode.decode(octets) : new String(octets, StandardCharsets.ISO_8859_1);
	}

	/**
	 * RFC 7541, appendix B. The code is canonical: codes of one length are consecutive
	 * numbers in the order of their symbols, and the first follows from how many shorter
	 * ones there are. So the lengths tell everything.
	 */
	private static final class HuffmanCode {

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
						throw new WorkloadCall.MalformedAnswerException("A header contains the end of a string");
					}
					text.append((char) symbol);
					code = 0;
					length = 0;
				}
			}
			if (length > 7 || code != (1 << length) - 1) {
				throw new WorkloadCall.MalformedAnswerException("A header ends within a code");
			}
			return text.toString();
		}

	}

}
