"""Wishes that are refused, by why they are."""

from opsbot.understanding.lexicon.listing import listed

WEAKEN = listed(
    """
    do not wait for, without waiting for, do not stop for, do not run, do not do,
    skip, bypass, ignore, disable, omit, override, circumvent, overrule, turn off, switch off,
    switch it off, waive, suppress, relax, force, forced, forcibly, forcefully, forcing,
    auto-approve, auto approve, autoapprove, automatically approve, approve automatically,
    self-approve, rubber-stamp, rubber stamp, regardless of, regardless, despite, in spite of,
    no matter what, no matter, even if, even though, even with, yolo, cheat, sidestep,
    get around, work around, workaround, shortcut, short-circuit, cut corners, deactivate,
    fast-track, fast track, cowboy, break glass, break-glass, dodge, evade, defeat, neglect,
    pass over, leave off, take off, fake, forge, mark as passed, mark as green,
    mark it as passed, mark as successful, pretend it passed, mute, unprotected, unchecked,
    unverified, untested, unapproved, unreviewed, unscanned, blindly, forget the,
    forget about the, never mind the, drop the tests, drop the scan, drop the approval,
    drop the backup, who cares about, do away with, exempt, exempted, hack, jump the queue,
    hot-patch, loosen, weaken, hush, go around, ignoring, force-push, force push, force-deploy,
    force deploy, lower the coverage, reduce the coverage, lower the threshold, shut off,
    stub out, exclude the tests, without asking, no questions asked, do not ask, do not bother,
    not bother, bother, approve it yourself, approve yourself, approve it for me,
    approve this yourself, approve on my behalf, sudo, silently, quietly, secretly, in secret,
    unattended, non-interactive, noninteractive, straight past, past the, regardless whether,
    whether or not, come what may, at all costs, anyway, at any cost, whatever the cost,
    whatever happens, nevertheless, notwithstanding, with no questions, no strings attached,
    all bets are off, cut out, abolish, minus approval, minus tests, minus the tests,
    minus the approval, sans, ditch, scrap, shun, eliminate, neutralize, neutralise, jump over,
    hop over, leap over, trick, spare, spare us, spare me, opt out of, opt out, rush past,
    set aside, put aside, elide, just approve, approve, accept the, auto-accept,
    confirm automatically, exception to, make an exception, exception, emergency override,
    no-verify, disregarding, sweep aside, not care about, not care, not wait for, not require,
    not need, unsigned, ungated, unguarded, no-approval, no-tests, no-test, approval-free
    """
)
GATES = listed(
    """
    approval, approvals, approver, approvers, gate, gates, quality gate, quality gates,
    security gate, backup, backups, back-up, verification, checks, check-ups, review, reviews,
    sign-off, signoff, sign off, confirmation, confirm, permission, human, human check,
    validation, monitoring, safety checks, safety, safeguards, safeguard, safety net, guard,
    guards, guardrails, policy, policies, rules, coverage, code coverage, compliance,
    protection, protections, rollback plan, health checks, health check, image verification,
    signature, signature check, four eyes, four-eyes, precautions, smoke check, lease, preview,
    restrictions, limits, limit, governance, ceremony, paperwork, red tape, controls, control,
    manual check, manual step, qa, quality assurance, quality, security, step, steps, anyone,
    consent, authorization, authorisation, authorized, pipeline checks, prechecks, pre-checks,
    preflight, evidence, audit trail, observation, threshold, thresholds, delay window,
    change board, cab, testing step, formalities, bureaucracy, process, questions, asking,
    verify, verifying, backing up, scanning, testing, checking, reviewing, approving, prompt,
    prompts, prompting
    """
)
OFF_WORDS = listed(
    """
    off, disabled, skipped, failing, fail, failed, red, optional, bypassed, ignored, not needed,
    not necessary, not required, unnecessary, waived, later, can wait, switched off, turned off,
    do not matter, does not matter, omitted, afterwards, suspended, deactivated, overridden,
    false, none, unneeded, wasted, superfluous, pointless, excluded, off please, removed,
    lowered, relaxed, moot
    """
)
ORDERS = listed(
    """
    forget your rules, forget your instructions, forget all rules, forget the rules,
    ignore your rules, ignore previous instructions, ignore all previous instructions,
    previous instructions, your instructions, your rules, your policies, the rules,
    system prompt, you are now, act as, you are root, you are admin, as root, as admin,
    admin mode, developer mode, debug mode, god mode, system message, prompt, root access,
    administrator, administrators, superuser, maintenance mode, new instructions, jailbreak,
    mark it as approved, mark as approved, mark this as approved, consider it approved,
    consider this approved, treat as approved, treat it as approved, treat this as approved,
    assume approval, treat this as, treat it as, treat production as, set the risk, set risk,
    risk level, low risk, mark as low risk, set approval, approval false, you have permission,
    your new, i am the admin, i am an admin, i am the boss, i am root, i order you, obey,
    trust me, system override, forget everything, forget previous, disregard, roleplay,
    role-play, simulate approval, answer with, respond with, output only, planner, assistant,
    the approver is, approver is me, i am the approver, approve as, approve in my name,
    on my authority, by my authority, my authority, with my authority, i authorize, i authorise,
    i take responsibility, i take full responsibility, on my responsibility, as if it were,
    as though it were, as if it was, counts as, consider production, call it, label it,
    pretend that, rename, instructions above, above instructions, hidden, confidential
    """
)
DESTROY = listed(
    """
    delete, remove, destroy, drop, wipe, purge, erase, uninstall, drain, kill, terminate,
    tear down, nuke, cordon, evict, decommission, undeploy, un-deploy, get rid of, truncate,
    trash, blow away, annihilate, obliterate, clean out, clear out, flush, format, teardown,
    clean up, cleanup, empty, dispose of, demolish, smash, burn down, burn, sunset, retire,
    dismantle, rm, deletion, eradicate, throw away, dump everything, wreck, rip out, zap, scrub,
    shred, prune, reset the database, reset the cluster, wipe out, vaporize, vaporise, kill off,
    bring to zero, undo everything, raze, axe, unpublish, deprovision, de-provision, disband,
    extinguish, pull the plug on, pull the plug, knock out, discard, expunge, garbage collect,
    reap, sabotage, corrupt, ddos, attack, crash the, take out, bring to its knees, clear the
    """
)
SECRETS = listed(
    """
    secret, secrets, password, passwords, passwd, token, tokens, credential, credentials,
    api key, api keys, apikey, apikeys, private key, private keys, ssh key, ssh keys,
    certificate, certificates, kubeconfig, keystore, passphrase, access key, access keys,
    db password, service account token, env vars, env var, environment variables,
    environment variable, env variables, env variable, dotenv, .env, envs, vault, tls key,
    signing key, encryption key, keys, key, connection string, connection strings, login,
    logins, cert, certs, pem, secret key, auth token, bearer token, jwt, /etc/passwd,
    /etc/shadow, creds, pin code, database url, sensitive, oauth, api token, api tokens
    """
)
CONFIGURATION = listed(
    """
    config, configuration, configs, configurations, configmap, configmaps, config map,
    config maps, settings, setting, config file, config files, configuration file,
    configuration files, values.yaml, feature flag, feature flags, memory limit, memory limits,
    cpu limit, cpu limits, resource limits, parameters, manifest, manifests, yaml, ingress, dns,
    firewall, network policy, quota, log level, loglevel, port, timeout, timeouts, variables,
    variable, db, database, databases, table, tables, schema, migration, migrations, volume,
    volumes, pvc, rbac, role, roles, permissions, user, accounts, account, node, nodes,
    namespaces, probe, probes, hostname, domain, heap size, property, properties, annotations,
    annotation, label, labels, hpa, cpu, memory, replica limit, replica range, policies.yaml,
    applications.yaml, jenkinsfile, dockerfile, crontab, deployment.yaml, sidecar
    """
)
CHANGES = listed(
    """
    edit, modify, change, alter, configure, reconfigure, overwrite, replace, rotate, patch,
    tweak, grant, revoke, migrate, insert, write, append, create, add, set, update, expose,
    export, import, dump, cat, print, show, read, reveal, leak, decode, decrypt, get, give,
    display, view, list, what is, what are, fetch, tell me, send, copy, download, upload, open,
    see, restore, increase, decrease, lower, raise, bump, enable, adjust, tune, backup, back up,
    retrieve, put, make, need, want, check, look at, email, mail
    """
)
SHELL = listed(
    """
    ssh, exec, shell, bash, zsh, terminal, console, kubectl, helm, curl, wget, sudo, chmod,
    chown, eval, port-forward, port forward, log in to, log into, attach to, sh, powershell,
    cmd, script, scripts, shell script, python script, run command, command line, docker run,
    docker exec, sql, psql, mysql, query the, netcat, nc, telnet, root shell, execute command,
    execute the command, run the command, run a command, remote shell, reverse shell,
    into the pod, into the container, inside the pod, inside the container, sftp, scp, rsync,
    crontab -e, os.system, subprocess, rm -rf, rm -rf /, whoami, groovy, tunnel, drop table,
    drop database, select, os command, interactive session, tty, repl, ansible, terraform,
    docker compose, docker-compose, kustomize, exec into, sh -c, bin/sh, /bin/sh, /bin/bash,
    cmd.exe, prompt into, code execution, commands, command, log on to, log in, debugger, gdb,
    strace, tcpdump, jump into, pdb, ipython, irb, hop into, get into, webshell, bashrc, eval(,
    exploit, payload
    """
)
FOREIGN = listed(
    """
    ecs, aws ecs, fargate, heroku, lambda, aws lambda, nomad, hashicorp nomad, docker swarm,
    swarm, vm, vms, bare vm, bare metal, bare-metal, ec2, aws ec2, app engine, cloud run,
    google cloud run, openshift, azure, aws, gcp, vercel, netlify, cloud foundry, cloudfoundry,
    app service, beanstalk, elastic beanstalk, mesos, marathon, systemd, virtual machine,
    virtual machines, amazon, google cloud, digitalocean, digital ocean, linode, fly.io, fly,
    render, railway, firebase, cloudflare, cloudflare workers, workers, s3, s3 bucket, ftp,
    laptop, localhost, my machine, my laptop, podman, lxc, proxmox, vmware, hyper-v, iis,
    tomcat, app store, play store, google play, testflight, npm, pypi, docker hub, dockerhub,
    github pages, raspberry pi, mainframe, lightsail, serverless, cloud functions,
    azure functions, container apps, app runner, dokku, platform.sh, openstack, windows server,
    apache, nginx, edge device, on-prem, on-premise, on-premises, physical server,
    physical servers, vagrant, kvm, rancher, gitlab pages, aks, eks, gke, minikube, k3s,
    microk8s, knative, coolify, alibaba, oracle cloud, ibm cloud, scaleway, hetzner, ovh,
    supabase, deno deploy, pythonanywhere, glitch, cloud, fleet, portainer, docker host,
    bare server, vps, jboss, websphere, weblogic, container instances, batch, unikernel,
    freebsd jail
    """
)
UNSUPPORTED = listed(
    """
    stop, shut down, shutdown, turn off, pause, suspend, cancel, abort, halt, take offline,
    freeze, unfreeze, quarantine, block, take down, bring down, disable traffic, stop deploying,
    stop scaling, rename, merge, rebase, cherry-pick, fork, clone, tag the, fix, repair,
    optimize, optimise, refactor, send an email, send email, email, send a message, slack,
    post a message, jira, jira ticket, bug report, notify,
    page, call, provision, hibernate, switch traffic, shift traffic,
    route traffic, invite, onboard, open a ticket, create a ticket, open a pull request,
    pull request, resume, stand down, power off, power down, put to sleep, sleep, scale to zero,
    hibernation, order more, buy, mute alerts, silence, resize the disk, failover, fail over,
    port, lock, unlock, throttle, rate limit, unpause, stall, snooze, kill switch
    """
)
OFF_TOPIC = listed(
    """
    joke, jokes, weather, poem, poems, story, song, sing, recipe, pizza, movie, movies, film,
    news, stock, stocks, bitcoin, football, soccer, capital of, president, horoscope, translate,
    translation, haiku, limerick, essay, riddle, birthday, holiday, vacation, flight, hotel,
    restaurant, coffee, tea, lunch, dinner, meaning of life, who are you, what are you, love,
    marry, game, chess, music, play, python function, function, javascript, java, python,
    write code, write a, write me, write some, code review, homework, math, calculate, sum of,
    square root, fibonacci, algorithm, sort a list, html, css, regex, sql query, cat pictures,
    picture, draw, paint, how old are you, your name, your favorite, your favourite, favorite,
    favourite, sports, team won, who won, world cup, lottery, dog, cat, bake, cook, cake, beer,
    wine, party, date with, girlfriend, boyfriend, therapy, doctor, medicine, diet, exercise,
    yoga, travel, taxi, uber, train, book a, reserve, meeting, calendar, reminder, alarm, timer,
    wikipedia, google, search the web, blog post, tweet, linkedin, resume for, cover letter,
    invoice, salary, hire, quiz, trivia, philosophy, religion, politics, election, war,
    how are you, how are you doing, good bot, chat, talk, small talk, bored, what time,
    what day, temperature, rain, sunny, forecast, crypto
    """
)
SHELL_CHARACTERS = r"`$|<>\\{}*^~"
