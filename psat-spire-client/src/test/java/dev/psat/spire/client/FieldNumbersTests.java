package dev.psat.spire.client;

import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FieldNumbers}, by the descriptors of the SPIRE Server API.
 */
class FieldNumbersTests {

	private static final Map<String, Integer> NUMBERS = numbers();

	@ParameterizedTest
	@MethodSource("constants")
	void constantIsTheNumberOfTheField(Field constant) throws IllegalAccessException {
		assertThat(NUMBERS).containsEntry(constant.getName(), constant.getInt(null));
	}

	@Test
	void maskAsksForEveryFieldByTheNumberThatItHasInAnEntry() {
		Descriptor mask = ApiMessages.named("EntryMask");
		Descriptor entry = ApiMessages.named("Entry");
		assertThat(mask.getFields()).extracting(FieldDescriptor::getNumber)
			.containsExactlyInAnyOrderElementsOf(AgentConnection.ENTRY_FIELDS);
		assertThat(mask.getFields()).allSatisfy(
				(field) -> assertThat(entry.findFieldByName(field.getName()).getNumber()).isEqualTo(field.getNumber()));
	}

	static List<Field> constants() {
		return Stream.of(FieldNumbers.class.getDeclaredFields())
			.filter((field) -> field.getType() == int.class)
			.toList();
	}

	private static Map<String, Integer> numbers() {
		Map<String, Integer> numbers = new HashMap<>();
		Stream.concat(ApiMessages.all(), Stream.of(Any.getDescriptor()))
			.forEach((message) -> message.getFields()
				.forEach((field) -> assertThat(numbers.put(name(message, field), field.getNumber()))
					.as(field.getFullName())
					.isIn(null, field.getNumber())));
		return numbers;
	}

	/**
	 * Return such as {@code BATCH_NEW_X509SVID_RESPONSE_RESULT_STATUS}.
	 */
	private static String name(Descriptor message, FieldDescriptor field) {
		String path = message.getFullName().substring(message.getFile().getPackage().length() + 1);
		String words = path.replaceAll("([a-z])([A-Z])|([A-Z])([A-Z][a-z])|\\.", "$1$3_$2$4");
		return (words + "_" + field.getName()).toUpperCase(Locale.ROOT);
	}

}
