"""Does with the XenAPI client what a deployment does: URL PASSWORD VM VDI IMAGE."""
import http.client
import os
import ssl
import sys
from urllib.parse import urlencode, urlsplit

import XenAPI

url, password, vm_uuid, vdi_uuid, image = sys.argv[1:]
session = XenAPI.Session(url, ignore_ssl=True)


def failure(function, *arguments):
    """The words of the error that a call gives."""
    try:
        function(*arguments)
    except XenAPI.Failure as error:
        return error.details
    raise SystemExit("no error")


assert failure(session.login_with_password, "root", "wrong")[0] == "SESSION_AUTHENTICATION_FAILED"
member = XenAPI.Session(url.replace("127.0.0.1", "127.0.0.2"), ignore_ssl=True)
assert failure(member.login_with_password, "root", password) == ["HOST_IS_SLAVE", "127.0.0.1"]
session.login_with_password("root", password, "1.0", "test")
xenapi = session.xenapi

assert failure(xenapi.VDI.get_by_uuid, "none")[0] == "UUID_INVALID"
records = {reference: xenapi.VM.get_record(reference) for reference in xenapi.VM.get_by_name_label("web")}
(vm,) = [reference for reference, record in records.items() if not record["is_a_template"]]
assert xenapi.VM.get_by_uuid(vm_uuid) == vm
vdi = xenapi.VDI.get_by_uuid(vdi_uuid)
assert int(xenapi.VDI.get_record(vdi)["virtual_size"]) == 160 << 20
(vbd,) = xenapi.VDI.get_record(vdi)["VBDs"]
assert xenapi.VBD.get_record(vbd)["VM"] == vm

assert xenapi.VM.get_power_state(vm) == "Running"
assert failure(xenapi.VM.start, vm, False, False)[0] == "VM_BAD_POWER_STATE"
xenapi.VM.clean_shutdown(vm)
assert xenapi.VM.get_power_state(vm) == "Halted"

task = xenapi.task.create("import", "")
query = urlencode({"session_id": session.handle, "task_id": task, "vdi": vdi_uuid, "format": "vhd"})
context = ssl._create_unverified_context()
upload = http.client.HTTPSConnection(urlsplit(url).netloc, context=context)
with open(image, "rb") as body:
    # Without a length it would come in chunks, which the real host refuses.
    length = {"Content-Length": str(os.path.getsize(image))}
    upload.request("PUT", "/import_raw_vdi?" + query, body=body, headers=length)
    assert upload.getresponse().status == 200
while (record := xenapi.task.get_record(task))["status"] == "pending":
    pass
assert record["status"] == "success", record
xenapi.task.destroy(task)

xenapi.VM.start(vm, False, False)
assert xenapi.VM.get_power_state(vm) == "Running"
session.logout()
