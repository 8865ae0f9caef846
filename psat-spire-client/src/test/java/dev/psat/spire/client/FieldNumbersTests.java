package dev.psat.spire.client;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.psat.spire.wire.internal.FieldNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FieldNumbers}, by the descriptors of the SPIRE Server API.
 */
class FieldNumbersTests {

	private static final Map<String, Integer> NUMBERS = FieldNames
		.numbers(Stream.concat(ApiMessages.all(), Stream.of(Any.getDescriptor())));

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

}
