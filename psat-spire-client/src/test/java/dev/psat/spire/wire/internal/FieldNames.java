package dev.psat.spire.wire.internal;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a constant has to be called that holds the number of a field.
 */
public final class FieldNames {

	private FieldNames() {
	}

	/**
	 * Return the numbers of all fields by the names of their constants.
	 */
	public static Map<String, Integer> numbers(Stream<Descriptor> messages) {
		Map<String, Integer> numbers = new HashMap<>();
		messages.forEach((message) -> message.getFields()
			.forEach((field) -> assertThat(numbers.put(name(message, field), field.getNumber())).as(field.getFullName())
				.isIn(null, field.getNumber())));
		return numbers;
	}

	/**
	 * Return such as {@code BATCH_NEW_X509SVID_RESPONSE_RESULT_STATUS}.
	 */
	private static String name(Descriptor message, FieldDescriptor field) {
		String path = message.getFullName();
		String inPackage = message.getFile().getPackage();
		String words = (inPackage.isEmpty() ? path : path.substring(inPackage.length() + 1))
			.replaceAll("([a-z])([A-Z])|([A-Z])([A-Z][a-z])|\\.", "$1$3_$2$4");
		return (words + "_" + field.getName()).toUpperCase(Locale.ROOT);
	}

}
