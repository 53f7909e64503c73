package io.tcplab.kernel.sysctl;

/**
 * One assignment of a file of settings.
 *
 * @param name with dots, whichever separators the file has
 * @param ignoreErrors whether the file has a dash before the name: it is no error if this can't be set
 * @param line in the file, from 1
 */
public record SysctlSetting(String name, String value, boolean ignoreErrors, int line) {}
