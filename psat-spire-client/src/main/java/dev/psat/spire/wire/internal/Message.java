package dev.psat.spire.wire.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * A message of <a href="https://protobuf.dev/programming-guides/encoding/">protocol
 * buffers</a> from a peer. Fields are looked for when they are asked for: other ones are
 * skipped, the last of several counts, and what is absent has the default of proto3,
 * which has no groups. A nested message and the encoding of a text are checked when asked
 * for.
 */
public final class Message {

	private static final int VARINT = 0;

	private static final int FIXED_64 = 1;

	private static final int LENGTH_DELIMITED = 2;

	private static final int FIXED_32 = 5;

	private static final int LONGEST_VARINT = 10;

	private final byte[] content;

	private final Supplier<? extends RuntimeException> malformed;

	/**
	 * @param malformed creates the exception for bytes that are not a message, without a
	 * cause, which could quote them
	 */
	public Message(byte[] content, Supplier<? extends RuntimeException> malformed) {
		this.content = content;
		this.malformed = malformed;
		Fields fields = new Fields();
		while (fields.next()) {
			// it moves on only where the field is well-formed
		}
	}

	public boolean has(int field) {
		Fields fields = new Fields();
		while (fields.next()) {
			if (fields.is(field, LENGTH_DELIMITED)) {
				return true;
			}
		}
		return false;
	}

	public long number(int field) {
		long number = 0;
		Fields fields = new Fields();
		while (fields.next()) {
			if (fields.is(field, VARINT)) {
				number = fields.number;
			}
		}
		return number;
	}

	public boolean flag(int field) {
		return number(field) != 0;
	}

	public byte[] bytes(int field) {
		byte[] bytes = {};
		Fields fields = new Fields();
		while (fields.next()) {
			if (fields.is(field, LENGTH_DELIMITED)) {
				bytes = fields.bytes();
			}
		}
		return bytes;
	}

	public List<byte[]> all(int field) {
		List<byte[]> all = new ArrayList<>();
		Fields fields = new Fields();
		while (fields.next()) {
			if (fields.is(field, LENGTH_DELIMITED)) {
				all.add(fields.bytes());
			}
		}
		return all;
	}

	public String text(int field) {
		List<String> texts = texts(field);
		return texts.isEmpty() ? "" : texts.get(texts.size() - 1);
	}

	public @Nullable String textOrNull(int field) {
		String text = text(field);
		return text.isEmpty() ? null : text;
	}

	public List<String> texts(int field) {
		return all(field).stream().map(this::text).toList();
	}

	private String text(byte[] bytes) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (CharacterCodingException ex) {
			throw this.malformed.get();
		}
	}

	/**
	 * Without fields if it is absent. If it occurs several times, it has the fields of
	 * all, each of which has to be well-formed: two broken ones must not become a whole.
	 */
	public Message message(int field) {
		List<Message> messages = messages(field);
		if (messages.size() == 1) {
			return messages.get(0);
		}
		ByteArrayOutputStream merged = new ByteArrayOutputStream();
		messages.forEach((message) -> merged.writeBytes(message.content));
		return new Message(merged.toByteArray(), this.malformed);
	}

	public List<Message> messages(int field) {
		return all(field).stream().map((content) -> new Message(content, this.malformed)).toList();
	}

	private final class Fields {

		private final byte[] content = Message.this.content;

		private int tag;

		/** The value of a number, or how many bytes a length-delimited field has. */
		private long number;

		private int position;

		private boolean next() {
			if (this.position == this.content.length) {
				return false;
			}
			this.tag = (int) varint();
			if (this.tag >>> 3 == 0) {
				throw Message.this.malformed.get();
			}
			switch (this.tag & 7) {
				case VARINT -> this.number = varint();
				case FIXED_64 -> skip(Long.BYTES);
				case LENGTH_DELIMITED -> {
					this.number = (int) varint();
					skip(this.number);
				}
				case FIXED_32 -> skip(Integer.BYTES);
				default -> throw Message.this.malformed.get();
			}
			return true;
		}

		private long varint() {
			long value = 0;
			for (int i = 0; i < LONGEST_VARINT && this.position < this.content.length; i++) {
				byte next = this.content[this.position++];
				value |= (next & 0x7fL) << (7 * i);
				if (next >= 0) {
					return value;
				}
			}
			throw Message.this.malformed.get();
		}

		private void skip(long length) {
			if (length < 0 || length > this.content.length - this.position) {
				throw Message.this.malformed.get();
			}
			this.position += (int) length;
		}

		private boolean is(int field, int wireType) {
			return this.tag == (field << 3 | wireType);
		}

		private byte[] bytes() {
			return Arrays.copyOfRange(this.content, this.position - (int) this.number, this.position);
		}

	}

}
