package dev.psat.support;

import java.lang.reflect.Modifier;
import java.util.function.Supplier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is asked of values that may get further parts: users see a sealed interface, and
 * not the record behind it.
 */
public final class ValueAssertions {

	private ValueAssertions() {
	}

	/**
	 * Assert that a value is a record, and that users cannot see or implement what may
	 * change.
	 * @param value makes a value of which no two parts are equal
	 * @param others what is not equal to it
	 */
	public static void assertIsHiddenRecord(Supplier<?> value, Object... others) {
		Object one = value.get();
		assertThat(one).isEqualTo(value.get()).hasSameHashCodeAs(value.get()).isNotEqualTo("another type");
		assertThat(others).as("what differs from " + one).isNotEmpty().doesNotContain(one);
		assertThat(one.getClass()).matches(Class::isRecord, "is a record")
			.matches((type) -> !Modifier.isPublic(type.getModifiers()), "is hidden");
		assertThat(one.getClass().getInterfaces()).singleElement().matches(Class::isSealed, "is sealed");
	}

}
