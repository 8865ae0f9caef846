package dev.psat.spire.redis;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.security.GeneralSecurityException;
import java.util.stream.Stream;

import dev.psat.spire.tls.internal.BundleTls;
import io.lettuce.core.ClientOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;

/**
 * Reads which managers a Redis client has. Neither Lettuce nor Netty tells it.
 */
final class LettuceOptions {

	private LettuceOptions() {
	}

	/**
	 * Return whether a client has managers of an SSL bundle of the SPIRE identity.
	 * @param options the options of the client
	 * @return whether it has
	 */
	static boolean haveBundle(ClientOptions options) {
		try {
			Object builder = options.getSslOptions().createSslContextBuilder();
			return Stream.of(builder.getClass().getDeclaredFields())
				.filter((field) -> !Modifier.isStatic(field.getModifiers()))
				.anyMatch((field) -> BundleTls.isFactory(value(field, builder)));
		}
		catch (IOException | GeneralSecurityException ex) {
			// nor will it be able to connect
			return false;
		}
	}

	private static @Nullable Object value(Field field, Object target) {
		ReflectionUtils.makeAccessible(field);
		return ReflectionUtils.getField(field, target);
	}

}
