package dev.psat.spire.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.WireFormat;

/**
 * Random messages by protoc, and bytes that are nearly some.
 */
final class RandomMessages {

	private static final List<String> TEXTS = List.of("", "a", "spiffe://example.org/ns/shop", "nœud \ud83d\ude80",
			"x".repeat(300));

	private static final List<Long> NUMBERS = List.of(0L, 1L, 2L, 127L, 128L, 300L, (long) Integer.MAX_VALUE, 1L << 32,
			Long.MAX_VALUE, -1L, Long.MIN_VALUE);

	private final Random random;

	RandomMessages(long seed) {
		this.random = new Random(seed);
	}

	DynamicMessage message(Descriptor type, Predicate<FieldDescriptor> fields) {
		DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
		for (FieldDescriptor field : type.getFields()) {
			if (fields.test(field) && this.random.nextInt(4) > 0) {
				if (field.isRepeated()) {
					for (int i = this.random.nextInt(4); i > 0; i--) {
						message.addRepeatedField(field, value(field, fields));
					}
				}
				else {
					message.setField(field, value(field, fields));
				}
			}
		}
		return message.build();
	}

	byte[] message(Descriptor type) {
		return message(type, (field) -> true).toByteArray();
	}

	private Object value(FieldDescriptor field, Predicate<FieldDescriptor> fields) {
		return switch (field.getJavaType()) {
			case MESSAGE -> message(field.getMessageType(), fields);
			case STRING -> one(TEXTS);
			case BYTE_STRING -> ByteString.copyFrom(noise());
			case BOOLEAN -> this.random.nextBoolean();
			case LONG -> one(NUMBERS);
			case INT -> one(NUMBERS).intValue();
			case ENUM -> one(field.getEnumType().getValues());
			case FLOAT, DOUBLE -> throw new IllegalArgumentException("The API has none: " + field);
		};
	}

	private <T> T one(List<T> values) {
		return values.get(this.random.nextInt(values.size()));
	}

	byte[] noise() {
		byte[] noise = new byte[this.random.nextInt(40)];
		this.random.nextBytes(noise);
		return noise;
	}

	byte[] cut(byte[] bytes) {
		return Arrays.copyOf(bytes, this.random.nextInt(bytes.length + 1));
	}

	byte[] mutated(byte[] bytes) {
		byte[] mutated = bytes.clone();
		for (int i = this.random.nextInt(3); i >= 0 && mutated.length > 0; i--) {
			mutated[this.random.nextInt(mutated.length)] = (byte) this.random.nextInt();
		}
		return mutated;
	}

	/**
	 * Return a field that is well-formed, whatever it means.
	 * @param wireType the wire type, but that of a group
	 */
	byte[] field(int number, int wireType) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		CodedOutputStream out = CodedOutputStream.newInstance(bytes);
		try {
			out.writeTag(number, wireType);
			switch (wireType) {
				case WireFormat.WIRETYPE_VARINT -> out.writeUInt64NoTag(one(NUMBERS));
				case WireFormat.WIRETYPE_FIXED64 -> out.writeFixed64NoTag(this.random.nextLong());
				case WireFormat.WIRETYPE_LENGTH_DELIMITED -> out.writeByteArrayNoTag(noise());
				case WireFormat.WIRETYPE_FIXED32 -> out.writeFixed32NoTag(this.random.nextInt());
				default -> throw new IllegalArgumentException("wire type " + wireType);
			}
			out.flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes.toByteArray();
	}

	static byte[] concat(byte[]... parts) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			bytes.writeBytes(part);
		}
		return bytes.toByteArray();
	}

}
