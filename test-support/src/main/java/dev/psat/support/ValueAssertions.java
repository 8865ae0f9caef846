package dev.psat.support;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is asked of classes that hold values and may get further ones, so that they are no
 * records.
 */
public final class ValueAssertions {

	private ValueAssertions() {
	}

	/**
	 * Assert that equality, hash code and text are those of a record, and that each value
	 * is returned by its own accessor or getter.
	 * @param value makes a value of which no two parts are equal
	 * @param others what is not equal to it
	 */
	public static void assertIsLikeRecord(Supplier<?> value, Object... others) {
		Object one = value.get();
		assertThat(one).isEqualTo(value.get()).hasSameHashCodeAs(value.get()).isNotEqualTo("another type");
		assertThat(others).as("what differs from " + one).isNotEmpty().doesNotContain(one);
		assertThat(one).hasToString(Stream.of(components(one))
			.map((component) -> component.getName() + "=" + get(one, component.getName()))
			.collect(Collectors.joining(", ", one.getClass().getSimpleName() + "[", "]")));
	}

	private static RecordComponent[] components(Object value) {
		return Stream.of(value.getClass().getDeclaredClasses())
			.filter((type) -> type.getSimpleName().equals("Values"))
			.findFirst()
			.orElseThrow()
			.getRecordComponents();
	}

	private static Object get(Object value, String name) {
		String suffix = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
		Method accessor = Arrays.stream(value.getClass().getMethods())
			.filter((method) -> method.getParameterCount() == 0
					&& Stream.of(name, "get" + suffix, "is" + suffix).anyMatch(method.getName()::equals))
			.findFirst()
			.orElseThrow(() -> new AssertionError("There is no accessor of " + name));
		try {
			return String.valueOf(accessor.invoke(value));
		}
		catch (ReflectiveOperationException ex) {
			throw new AssertionError(ex);
		}
	}

}
