"""An embedded Kubernetes for trying OPS Bot on a laptop without a cluster.

It answers the part of the Kubernetes 1.34 API that a rollout needs, and it is honest because
things really happen: a pod's container is a local process that runs the image's command in the
unpacked image, so a crash and its log are the application's own. In: a state directory. Out:
HTTP and a kubeconfig. Never: import another room, listen beyond loopback, run as a container.
"""
