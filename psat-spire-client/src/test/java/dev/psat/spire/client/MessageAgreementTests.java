package dev.psat.spire.client;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.WireFormat;
import dev.psat.spiffe.Transcripts;
import dev.psat.spire.wire.internal.Message;
import dev.psat.spire.wire.internal.MessageWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link Message} and {@link MessageWriter} next to protoc: every message of the SPIRE
 * Server API and of the Workload API is read and refused alike, and whatever of it the
 * client writes is written alike. What differs is known by name: a oneof of which several
 * fields are set, groups, and numbers of ten bytes whose last one is not 1, of which
 * protobuf ignores bits.
 */
class MessageAgreementTests {

	private static final int CASES = 300;

	private static final List<Integer> WIRE_TYPES = List.of(WireFormat.WIRETYPE_VARINT, WireFormat.WIRETYPE_FIXED64,
			WireFormat.WIRETYPE_LENGTH_DELIMITED, WireFormat.WIRETYPE_FIXED32);

	private static final int UNKNOWN_FIELD = 1000;

	private final long seed = Long.getLong("seed", System.nanoTime());

	private final RandomMessages random = new RandomMessages(this.seed);

	private int read;

	private int refused;

	@ParameterizedTest
	@MethodSource("messages")
	void messageIsReadAlike(Descriptor type) {
		for (int i = 0; i < CASES; i++) {
			assertThat(agree(type, this.random.message(type))).isTrue();
		}
	}

	@ParameterizedTest
	@MethodSource("written")
	void messageIsWrittenAlike(Descriptor type) {
		for (int i = 0; i < CASES; i++) {
			DynamicMessage message = this.random.message(type, MessageAgreementTests::isWritten);
			assertThat(write(message).toByteArray()).isEqualTo(message.toByteArray());
		}
	}

	@ParameterizedTest
	@MethodSource("messages")
	void messageThatIsCutOrChangedOrContinuedIsReadOrRefusedAlike(Descriptor type) {
		for (int i = 0; i < CASES; i++) {
			byte[] bytes = this.random.message(type);
			agree(type, this.random.cut(bytes));
			agree(type, this.random.mutated(bytes));
			agree(type, this.random.noise());
			agree(type, RandomMessages.concat(bytes, this.random.message(type)));
			agree(type, RandomMessages.concat(bytes, this.random.noise()));
		}
		assertThat(this.read).as("seed %d", this.seed).isPositive();
		assertThat(this.refused).as("seed %d", this.seed).isPositive();
	}

	/**
	 * Such as a packed number.
	 */
	@ParameterizedTest
	@MethodSource("messages")
	void fieldOfAnotherWireTypeOrNumberIsReadOrRefusedAlike(Descriptor type) {
		List<Integer> numbers = Stream
			.concat(Stream.of(UNKNOWN_FIELD), type.getFields().stream().map(FieldDescriptor::getNumber))
			.toList();
		for (int number : numbers) {
			for (int wireType : WIRE_TYPES) {
				for (int i = 0; i < 10; i++) {
					byte[] field = this.random.field(number, wireType);
					agree(type, RandomMessages.concat(field, this.random.message(type)));
					agree(type, RandomMessages.concat(this.random.message(type), field));
				}
			}
		}
	}

	@ParameterizedTest
	@MethodSource("recorded")
	void recordedMessageIsReadAlike(String type, byte[] bytes) {
		Descriptor descriptor = ApiMessages.named(type);
		assertThat(agree(descriptor, bytes)).isTrue();
		for (int i = 0; i < CASES; i++) {
			agree(descriptor, this.random.mutated(bytes));
		}
	}

	static Stream<Descriptor> messages() {
		return Stream.concat(ApiMessages.all(), ApiMessages.ofWorkloads());
	}

	static Stream<Descriptor> written() {
		return messages().filter((type) -> !type.getOptions().getMapEntry());
	}

	@ParameterizedTest
	@MethodSource("recordedOfAgents")
	void recordedMessageOfAnAgentIsReadAlike(Descriptor type, byte[] bytes) {
		assertThat(agree(type, bytes)).isTrue();
		for (int i = 0; i < CASES; i++) {
			agree(type, this.random.mutated(bytes));
		}
	}

	static Stream<Arguments> recordedOfAgents() {
		Map<String, Descriptor> types = ApiMessages.ofWorkloads()
			.collect(Collectors.toMap(Descriptor::getFullName, Function.identity()));
		return Transcripts.steps("workload")
			.stream()
			.filter((step) -> types.containsKey(messages(step) + "Request"))
			.flatMap((step) -> {
				String method = messages(step);
				return Stream.of(Arguments.of(types.get(method + "Request"), step.request()),
						Arguments.of(types.get(method + "Response"), step.reply()));
			});
	}

	private static String messages(Transcripts.Step step) {
		return step.rpc().replace("workload.Fetch", "");
	}

	/**
	 * Return what was recorded of a real server, but for the method that it always
	 * refuses.
	 */
	static Stream<Arguments> recorded() {
		return Transcripts.steps().stream().filter((step) -> !step.rpc().equals("agent.RenewAgent")).flatMap((step) -> {
			String method = step.rpc().substring(step.rpc().indexOf('.') + 1);
			String answer = method.equals("GetBundle") ? "Bundle" : method + "Response";
			return Stream.of(Arguments.of(method + "Request", step.request()), Arguments.of(answer, step.reply()));
		});
	}

	/**
	 * Return whether both read a message, once it is clear that they agree.
	 */
	private boolean agree(Descriptor type, byte[] bytes) {
		String hex = HexFormat.of().formatHex(bytes) + ", seed " + this.seed;
		boolean excused = hasLongNumber(bytes);
		DynamicMessage theirs = parse(type, bytes);
		Map<String, Object> fields = Map.of();
		try {
			Message ours = Messages.of(bytes);
			if (setsAOneofTwice(type, ours)) {
				return false;
			}
			fields = read(type, ours);
		}
		catch (SpireException ex) {
			assertThat(ex.reason()).isEqualTo(FailureReason.PROTOCOL_ERROR);
			assertThat(theirs == null || excused || hasGroup(theirs)).as(hex).isTrue();
			this.refused++;
			return false;
		}
		if (excused && (theirs == null || !fields.equals(read(theirs)))) {
			return false;
		}
		assertThat(theirs).as(hex).isNotNull();
		assertThat(fields).as(hex).isEqualTo(read(theirs));
		this.read++;
		return true;
	}

	private static @Nullable DynamicMessage parse(Descriptor type, byte[] bytes) {
		try {
			return DynamicMessage.parseFrom(type, bytes);
		}
		catch (InvalidProtocolBufferException ex) {
			return null;
		}
	}

	private static Map<String, Object> read(Descriptor type, Message message) {
		return read(type, (field) -> {
			int number = field.getNumber();
			return switch (field.getJavaType()) {
				case MESSAGE -> field.isRepeated()
						? message.messages(number)
							.stream()
							.map((nested) -> read(field.getMessageType(), nested))
							.toList()
						: List.of(message.has(number), read(field.getMessageType(), message.message(number)));
				case STRING -> field.isRepeated() ? message.texts(number) : message.text(number);
				case BYTE_STRING -> field.isRepeated() ? message.all(number).stream().map(ByteString::copyFrom).toList()
						: ByteString.copyFrom(message.bytes(number));
				case BOOLEAN -> message.flag(number);
				case INT, ENUM -> (int) message.number(number);
				default -> message.number(number);
			};
		});
	}

	private static Map<String, Object> read(DynamicMessage message) {
		return read(message.getDescriptorForType(), (field) -> {
			Object value = message.getField(field);
			if (field.getJavaType() == JavaType.MESSAGE) {
				return (value instanceof List<?> list)
						? list.stream().map((nested) -> read((DynamicMessage) nested)).toList()
						: List.of(message.hasField(field), read((DynamicMessage) value));
			}
			return (value instanceof EnumValueDescriptor constant) ? constant.getNumber() : value;
		});
	}

	private static Map<String, Object> read(Descriptor type, Function<FieldDescriptor, Object> reader) {
		Map<String, Object> fields = new LinkedHashMap<>();
		type.getFields().forEach((field) -> fields.put(field.getName(), reader.apply(field)));
		return fields;
	}

	@Test
	void nothingWithinAMessageIsAOneof() {
		assertThat(messages().filter((type) -> !type.getRealOneofs().isEmpty())).extracting(Descriptor::getName)
			.containsExactlyInAnyOrder("AttestAgentRequest", "AttestAgentResponse");
	}

	private static boolean setsAOneofTwice(Descriptor type, Message message) {
		return type.getOneofs()
			.stream()
			.anyMatch((
					oneof) -> oneof.getFields().stream().filter((field) -> message.has(field.getNumber())).count() > 1);
	}

	private static boolean hasGroup(com.google.protobuf.Message message) {
		return hasGroup(message.getUnknownFields()) || message.getAllFields()
			.values()
			.stream()
			.flatMap((value) -> (value instanceof List<?> list) ? list.stream() : Stream.of(value))
			.anyMatch((value) -> value instanceof com.google.protobuf.Message nested && hasGroup(nested));
	}

	private static boolean hasGroup(UnknownFieldSet fields) {
		return fields.asMap().values().stream().anyMatch((field) -> !field.getGroupList().isEmpty());
	}

	/**
	 * Return whether nine bytes that go on are followed by another one than 1.
	 */
	private static boolean hasLongNumber(byte[] bytes) {
		int continued = 0;
		for (byte next : bytes) {
			if (continued >= 9 && next != 1) {
				return true;
			}
			continued = (next < 0) ? continued + 1 : 0;
		}
		return false;
	}

	/**
	 * Return whether the client ever writes such a field.
	 */
	private static boolean isWritten(FieldDescriptor field) {
		if (field.isMapField()) {
			return false;
		}
		return switch (field.getJavaType()) {
			case BOOLEAN, STRING, MESSAGE -> true;
			case BYTE_STRING -> !field.isRepeated() && field.getContainingOneof() == null;
			default -> false;
		};
	}

	private static MessageWriter write(DynamicMessage message) {
		MessageWriter writer = new MessageWriter();
		message.getAllFields().forEach((field, value) -> {
			int number = field.getNumber();
			switch (field.getJavaType()) {
				case MESSAGE -> ((value instanceof List<?> list) ? list : List.of(value))
					.forEach((nested) -> writer.message(number, write((DynamicMessage) nested)));
				case STRING -> {
					if (value instanceof List<?> list) {
						writer.texts(number, list.stream().map(String.class::cast).toList());
					}
					else {
						writer.text(number, (String) value);
					}
				}
				case BYTE_STRING -> writer.bytes(number, ((ByteString) value).toByteArray());
				case BOOLEAN -> writer.flag(number, (boolean) value);
				default -> throw new IllegalArgumentException(field.getFullName());
			}
		});
		return writer;
	}

}
