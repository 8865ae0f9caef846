package dev.psat.spire.workload.client;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.psat.spire.test.proto.WorkloadProto;
import dev.psat.spire.wire.internal.FieldNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link WorkloadFields}, by the descriptors of the Workload API.
 */
class WorkloadFieldsTests {

	private static final List<Descriptor> MESSAGES = WorkloadProto.getDescriptor().getMessageTypes();

	private static final Map<String, Integer> NUMBERS = FieldNames.numbers(MESSAGES.stream());

	@ParameterizedTest
	@MethodSource("constants")
	void constantIsTheNumberOfTheField(Field constant) throws IllegalAccessException {
		assertThat(NUMBERS).containsEntry(constant.getName(), constant.getInt(null));
	}

	@Test
	void entriesOfMapsAreMessagesOfAKeyAndAValue() {
		assertThat(MESSAGES).flatExtracting(Descriptor::getFields)
			.filteredOn(FieldDescriptor::isMapField)
			.hasSize(3)
			.allSatisfy((field) -> assertThat(field.getMessageType().getFields())
				.extracting(FieldDescriptor::getName, FieldDescriptor::getNumber)
				.containsExactly(tuple("key", WorkloadFields.MAP_KEY), tuple("value", WorkloadFields.MAP_VALUE)));
	}

	static List<Field> constants() {
		return Stream.of(WorkloadFields.class.getDeclaredFields())
			.filter((field) -> field.getType() == int.class && !field.getName().startsWith("MAP_"))
			.toList();
	}

}
