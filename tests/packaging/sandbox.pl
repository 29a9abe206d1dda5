# Tries what the unit's sandbox is to refuse, as the unit's user and under its lines. Numbers are those of x86-64's system calls.
use strict;
use warnings;

my ($none, $tmp, $tmpfs, $nothing) = ("none", "/tmp", "tmpfs", "");
my %tries = (
    "MemoryDenyWriteExecute: memory that is written and run" => sub { syscall(9, 0, 4096, 7, 0x22, -1, 0) },
    "SystemCallFilter: mount" => sub { syscall(165, $none, $tmp, $tmpfs, 0, $nothing) },
    "SystemCallFilter: ptrace" => sub { syscall(101, 16, 1, 0, 0) },
    "SystemCallFilter: bpf" => sub { syscall(321, 0, 0, 0) },
    "RestrictNamespaces: a namespace of users" => sub { syscall(272, 0x10000000) },
    "RestrictAddressFamilies: a packet socket" => sub { syscall(41, 17, 3, 0) },
    "RestrictSUIDSGID: a file that runs as its owner" => sub { open(my $file, ">", "/var/lib/gangway/tried"); chmod(04755, "/var/lib/gangway/tried") ? 0 : -1 },
);
for my $path ("/usr/tried", "/etc/gangway/tried", "/var/tried", "/home/tried") {
    $tries{"ProtectSystem, ProtectHome: writing $path"} = sub { open(my $file, ">", $path) ? 0 : -1 };
}
for my $name (sort keys %tries) {
    $! = 0;
    my $answer = $tries{$name}->();
    print $answer == -1 ? "refused" : "allowed", " $name ($!)\n";
}
unlink "/var/lib/gangway/tried";
my @others = grep { m{/(\d+)$} && $1 != $$ } glob("/proc/[0-9]*");
print @others ? "allowed" : "refused", " ProtectProc: seeing other processes\n";
open(my $file, ">", "/tmp/tried") or print "missing PrivateTmp: writing /tmp\n";
my $line = do { open(my $map, "<", "/proc/self/uid_map"); join " ", map { s/\s+/ /gr } <$map> };
print $line =~ /4294967295/ ? "allowed" : "refused", " PrivateUsers: users of the machine ($line)\n";
